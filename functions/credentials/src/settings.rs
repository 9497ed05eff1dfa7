use brevet_function_kit::{DenialDetail, Environment, IdentitySettings, Reader, SettingsFaults};

/// The function's settings.
pub struct Settings {
    /// Whom to believe.
    pub identity: IdentitySettings,
    /// The role mappings.
    pub mapping_table: String,
    /// How long rows may be remembered; 0 is not at all.
    pub mapping_cache_seconds: u64,
    /// The use ledger.
    pub token_use_table: String,
    /// How much a refusal tells.
    pub denial_detail: DenialDetail,
    /// Endpoints of AWS services other than the public ones, for opening connections ahead of the first request.
    pub endpoints: Endpoints,
}

/// Where AWS services are, if not at their public endpoints.
#[derive(Clone, Default)]
pub struct Endpoints {
    /// Of DynamoDB.
    pub dynamodb: Option<String>,
    /// Of STS.
    pub sts: Option<String>,
}

impl Settings {
    /// Reads the environment, or names every fault in it.
    pub fn read(environment: &Environment) -> Result<Self, SettingsFaults> {
        let mut reader = Reader::new(environment);
        let identity = IdentitySettings::read(&mut reader);
        let mapping_table = reader.required("ROLE_MAPPING_TABLE");
        let mapping_cache_seconds = reader.number("MAPPING_CACHE_SECONDS", 0, 3_600);
        let token_use_table = reader.required("TOKEN_USE_TABLE");
        let details = [("own", DenialDetail::Own), ("full", DenialDetail::Full)];
        let denial_detail = reader.choice("DENIAL_DETAIL", Some(DenialDetail::Own), &details);
        let endpoint = |service: &str| reader.optional(service).or_else(|| reader.optional("AWS_ENDPOINT_URL"));
        let endpoints =
            Endpoints { dynamodb: endpoint("AWS_ENDPOINT_URL_DYNAMODB"), sts: endpoint("AWS_ENDPOINT_URL_STS") };
        let settings = denial_detail.map(|denial_detail| Self {
            identity,
            mapping_table,
            mapping_cache_seconds,
            token_use_table,
            denial_detail,
            endpoints,
        });
        reader.finish(settings)
    }
}
