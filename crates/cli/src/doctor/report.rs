use serde_json::{Value, json};

use crate::failure::Failure;

/// What stands between a job and its credentials, in the order in which it is passed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Layer {
    /// What else AWS tools would take credentials from.
    Environment,
    /// Whether there is a token, of the right kind.
    Token,
    /// What is written in it, believed by nobody yet.
    Claims,
    /// Where Brevet is said to be.
    Endpoint,
    /// Whether that name has an address.
    Name,
    /// Whether anybody listens there.
    Connection,
    /// Whether it proves to be that name.
    Tls,
    /// Whether this machine and Brevet agree on the time.
    Clock,
    /// Whether Brevet accepts the token: issuer, signature, audience, age.
    Identity,
    /// Whether a role mapping lets this job have the role.
    Mapping,
    /// Whether the role trusts Brevet for this job.
    Role,
}

const LAYERS: [(Layer, &str); 11] = [
    (Layer::Environment, "environment"),
    (Layer::Token, "token"),
    (Layer::Claims, "claims"),
    (Layer::Endpoint, "endpoint"),
    (Layer::Name, "name"),
    (Layer::Connection, "connection"),
    (Layer::Tls, "tls"),
    (Layer::Clock, "clock"),
    (Layer::Identity, "identity"),
    (Layer::Mapping, "mapping"),
    (Layer::Role, "role"),
];

/// A layer that is well, and what the next one needs of it.
pub(super) struct Found<T> {
    value: T,
    says: String,
    details: Vec<String>,
}

/// A layer that is not.
pub(super) struct Broken {
    failure: Failure,
    details: Vec<String>,
}

/// There is no next layer.
#[derive(Debug)]
pub(super) struct Stopped;

/// What was found so far.
#[derive(Default)]
pub(super) struct Report(Vec<Entry>);

struct Entry {
    layer: Layer,
    says: String,
    details: Vec<String>,
    failure: Option<Failure>,
}

impl<T> Found<T> {
    /// Well, in one sentence.
    pub(super) fn new(value: T, says: impl Into<String>) -> Self {
        Self { value, says: says.into(), details: Vec::new() }
    }

    /// Well, and not worth a line.
    pub(super) fn silent(value: T) -> Self {
        Self::new(value, "")
    }

    /// Adds lines below the sentence.
    pub(super) fn with(mut self, details: Vec<String>) -> Self {
        self.details = details;
        self
    }
}

impl From<Failure> for Broken {
    fn from(failure: Failure) -> Self {
        Self { failure, details: Vec::new() }
    }
}

impl Broken {
    /// Adds lines below the sentence.
    pub(super) fn with(mut self, details: Vec<String>) -> Self {
        self.details = details;
        self
    }
}

impl Report {
    /// Notes a layer; a broken one is the last.
    pub(super) fn enter<T>(&mut self, layer: Layer, outcome: Result<Found<T>, Broken>) -> Result<T, Stopped> {
        match outcome {
            Ok(Found { value, says, details }) => {
                if !says.is_empty() {
                    self.0.push(Entry { layer, says, details, failure: None });
                }
                Ok(value)
            }
            Err(Broken { failure, details }) => {
                let says = format!("{}: {failure}", failure.code());
                self.0.push(Entry { layer, says, details, failure: Some(failure) });
                Err(Stopped)
            }
        }
    }

    /// 0, or the exit code of what is broken.
    pub(super) fn exit_code(&self) -> u8 {
        self.broken().map_or(0, Failure::exit_code)
    }

    /// For people.
    pub(super) fn in_words(&self) -> String {
        let mut lines = Vec::new();
        for (layer, name) in LAYERS {
            let Some(entry) = self.entry(layer) else {
                lines.push(format!("-       {name:11}  {}", self.absence()));
                continue;
            };
            let state = if entry.failure.is_some() { "broken" } else { "ok" };
            lines.push(format!("{state:6}  {name:11}  {}", entry.says));
            let help = entry.failure.as_ref().and_then(|failure| failure.explanation().help.as_deref());
            let help = help.map(|help| format!("what to do: {help}"));
            lines.extend(entry.details.iter().chain(help.as_ref()).map(|line| format!("{:21}{line}", "")));
        }
        lines.join("\n")
    }

    /// For programs.
    pub(super) fn as_json(&self) -> Value {
        let layers = LAYERS.map(|(layer, name)| match self.entry(layer) {
            None => json!({"layer": name, "state": "not_reached"}),
            Some(Entry { says, details, failure: None, .. }) => {
                json!({"layer": name, "state": "ok", "message": says, "details": details})
            }
            Some(Entry { details, failure: Some(failure), .. }) => {
                json!({"layer": name, "state": "broken", "details": details, "error": failure.as_json()})
            }
        });
        json!({"healthy": self.broken().is_none(), "exit_code": self.exit_code(), "layers": layers})
    }

    fn entry(&self, layer: Layer) -> Option<&Entry> {
        self.0.iter().find(|entry| entry.layer == layer)
    }

    fn broken(&self) -> Option<&Failure> {
        self.0.iter().find_map(|entry| entry.failure.as_ref())
    }

    fn absence(&self) -> &'static str {
        if self.broken().is_some() { "not reached" } else { "not asked for: `brevet doctor ROLE` does" }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stops_at_the_first_broken_layer_and_says_what_to_do() {
        let mut report = Report::default();
        report.enter(Layer::Environment, Ok(Found::new((), "nothing competes"))).unwrap();
        let broken = Failure::misconfigured("token_missing", "there is none", "add one");
        report.enter::<()>(Layer::Token, Err(broken.into())).unwrap_err();
        let words = report.in_words();
        let lines: Vec<&str> = words.lines().collect();
        assert_eq!(lines[0], "ok      environment  nothing competes");
        assert_eq!(lines[1], "broken  token        token_missing: there is none");
        assert_eq!(lines[2], "                     what to do: add one");
        assert_eq!(lines[3], "-       claims       not reached");
        let json = report.as_json();
        assert_eq!((report.exit_code(), json["healthy"].as_bool()), (78, Some(false)));
        assert_eq!(
            (json["layers"][1]["error"]["code"].as_str(), json["layers"][10]["state"].as_str()),
            (Some("token_missing"), Some("not_reached"))
        );
    }
}
