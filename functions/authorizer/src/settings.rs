use brevet_function_kit::{DenialDetail, Environment, IdentitySettings, Reader, SettingsFaults};
use brevet_policy::ApiName;

/// The function's settings.
pub struct Settings {
    pub(crate) identity: IdentitySettings,
    pub(crate) route_policy: RoutePolicy,
    pub(crate) simple_response: bool,
    /// DynamoDB, if not at its public endpoint.
    pub(crate) dynamodb_endpoint: Option<String>,
}

/// What a verified job may call.
pub(crate) enum RoutePolicy {
    /// Every route of the API and stage.
    Authenticated,
    /// The routes of rows `api.<API_NAME>`.
    Mappings(MappingSettings),
}

pub(crate) struct MappingSettings {
    pub(crate) table: String,
    pub(crate) cache_seconds: u64,
    pub(crate) api: ApiName,
    pub(crate) denial_detail: DenialDetail,
}

#[derive(Clone, Copy, PartialEq)]
enum Choice {
    Authenticated,
    Mappings,
}

impl Settings {
    /// Reads the environment, or names every fault in it. There is no default for `ROUTE_POLICY`: what a job may call
    /// is decided on purpose.
    pub fn read(environment: &Environment) -> Result<Self, SettingsFaults> {
        let mut reader = Reader::new(environment);
        let identity = IdentitySettings::read(&mut reader);
        let choices = [("authenticated", Choice::Authenticated), ("mappings", Choice::Mappings)];
        let choice = reader.choice("ROUTE_POLICY", None, &choices);
        let simple_response = reader.choice("AUTHORIZER_RESPONSE", Some(false), &[("iam", false), ("simple", true)]);
        let endpoint = reader.optional("AWS_ENDPOINT_URL_DYNAMODB").or_else(|| reader.optional("AWS_ENDPOINT_URL"));
        let route_policy = match choice {
            Some(Choice::Mappings) => read_mappings(&mut reader).map(RoutePolicy::Mappings),
            Some(Choice::Authenticated) => Some(RoutePolicy::Authenticated),
            None => None,
        };
        let settings = route_policy.zip(simple_response).map(|(route_policy, simple_response)| Self {
            identity,
            route_policy,
            simple_response,
            dynamodb_endpoint: endpoint,
        });
        reader.finish(settings)
    }
}

fn read_mappings(reader: &mut Reader<'_>) -> Option<MappingSettings> {
    let table = reader.required("ROLE_MAPPING_TABLE");
    let cache_seconds = reader.number("MAPPING_CACHE_SECONDS", 0, 3_600);
    let details = [("own", DenialDetail::Own), ("full", DenialDetail::Full)];
    let denial_detail = reader.choice("DENIAL_DETAIL", Some(DenialDetail::Own), &details);
    let name = reader.required("API_NAME");
    let api = ApiName::parse(&name);
    if api.is_none() && !name.is_empty() {
        reader.fault("API_NAME must be small letters, digits, `.`, `_` and `-`, at most 60 of them");
    }
    Some(MappingSettings { table, cache_seconds, api: api?, denial_detail: denial_detail? })
}
