use clap::ValueEnum;
use serde_json::Value;

use crate::functions::{authorizer, credentials};
use crate::growth;
use crate::options::Run;
use crate::round_trips;

/// A part of the results: measured by itself, kept as one object, rendered as one part of the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Section {
    Authorizer,
    Credentials,
    RoundTrips,
    Growth,
}

impl Section {
    /// In the order of the page.
    pub(crate) const ALL: [Self; 4] = [Self::Authorizer, Self::Credentials, Self::RoundTrips, Self::Growth];

    /// Its member of results.json.
    pub(crate) fn key(self) -> &'static str {
        match self {
            Self::Authorizer => "authorizer",
            Self::Credentials => "credentials",
            Self::RoundTrips => "round-trips",
            Self::Growth => "growth",
        }
    }

    pub(crate) fn title(self) -> &'static str {
        match self {
            Self::Authorizer => "The authorizer",
            Self::Credentials => "The credentials function",
            Self::RoundTrips => "Round trips",
            Self::Growth => "Growth",
        }
    }

    pub(crate) async fn measure(self, run: &Run) -> anyhow::Result<Value> {
        match self {
            Self::Authorizer => authorizer::measure(run).await,
            Self::Credentials => credentials::measure(run).await,
            Self::RoundTrips => round_trips::measure(run).await,
            Self::Growth => growth::measure(run).await,
        }
    }

    /// The part of the page, without its title.
    pub(crate) fn render(self, measured: &Value) -> anyhow::Result<String> {
        match self {
            Self::Authorizer | Self::Credentials => {
                Ok(format!("{}\n\n{}", self.pictures(), crate::functions::render(measured)?))
            }
            Self::RoundTrips => round_trips::render(measured),
            Self::Growth => growth::render(measured),
        }
    }

    /// What `make pictures` draws of functions that are compared.
    fn pictures(self) -> String {
        let picture = |of: &str| format!("![{}: {of}](pictures/{}-{of}.svg)", self.title(), self.key());
        ["start", "tokens", "memory"].map(picture).join("\n\n")
    }
}
