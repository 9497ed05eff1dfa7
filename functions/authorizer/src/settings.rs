use brevet_function_kit::{Environment, IdentitySettings, MappingSettings, Reader, SettingsFaults, service_endpoints};
use brevet_policy::ApiName;

/// The function's settings.
pub struct Settings {
    pub(crate) identity: IdentitySettings,
    pub(crate) route_policy: RoutePolicy,
    pub(crate) simple_response: bool,
    /// DynamoDB's, where it is asked.
    pub(crate) endpoints: Vec<String>,
}

/// What a verified job may call.
pub(crate) enum RoutePolicy {
    /// Every route of the API and stage.
    Authenticated,
    /// The routes of rows `api.<API_NAME>`.
    Mappings(ApiName, MappingSettings),
}

#[derive(Clone, Copy)]
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
        let (route_policy, endpoints) = match choice {
            Some(Choice::Mappings) => (read_mappings(&mut reader), service_endpoints(&reader, &["dynamodb"])),
            Some(Choice::Authenticated) => (Some(RoutePolicy::Authenticated), Vec::new()),
            None => (None, Vec::new()),
        };
        let settings = route_policy.zip(simple_response).map(|(route_policy, simple_response)| Self {
            identity,
            route_policy,
            simple_response,
            endpoints,
        });
        reader.finish(settings)
    }
}

fn read_mappings(reader: &mut Reader<'_>) -> Option<RoutePolicy> {
    let mappings = MappingSettings::read(reader);
    let name = reader.required("API_NAME");
    let api = ApiName::parse(&name);
    if api.is_none() && !name.is_empty() {
        reader.fault("API_NAME must be small letters, digits, `.`, `_` and `-`, at most 60 of them");
    }
    Some(RoutePolicy::Mappings(api?, mappings?))
}
