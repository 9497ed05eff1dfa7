use brevet_function_kit::{Environment, IdentitySettings, MappingSettings, Reader, SettingsFaults, service_endpoints};

use crate::help::HelpPage;

/// The function's settings.
pub struct Settings {
    pub(crate) identity: IdentitySettings,
    pub(crate) mappings: MappingSettings,
    /// The use ledger.
    pub(crate) token_use_table: String,
    pub(crate) help_page: HelpPage,
    /// DynamoDB's and STS's.
    pub(crate) endpoints: Vec<String>,
}

impl Settings {
    /// Reads the environment, or names every fault in it.
    pub fn read(environment: &Environment) -> Result<Self, SettingsFaults> {
        let mut reader = Reader::new(environment);
        let identity = IdentitySettings::read(&mut reader);
        let mappings = MappingSettings::read(&mut reader);
        let token_use_table = reader.required("TOKEN_USE_TABLE");
        let help_page = HelpPage::read(&mut reader);
        let endpoints = service_endpoints(&reader, &["dynamodb", "sts"]);
        let settings = mappings.map(|mappings| Self { identity, mappings, token_use_table, help_page, endpoints });
        reader.finish(settings)
    }
}
