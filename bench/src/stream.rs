use brevet_tests::events::sample_event;
use serde_json::Value;

/// Events of one kind, each with a token of its own. Made before anything is measured.
#[derive(Clone, Debug)]
pub(crate) struct Stream {
    pub(crate) events: Vec<String>,
}

impl Stream {
    /// A sample event of a function, once for each token.
    pub(crate) fn of(function: &str, case: &str, tokens: &[String]) -> Self {
        let template = sample_event(function, case, "{{token}}");
        Self { events: tokens.iter().map(|token| fill(&template, token)).collect() }
    }
}

fn fill(template: &Value, token: &str) -> String {
    template.to_string().replace("{{token}}", token)
}
