/// What a change means for who may get in. The worst comes last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Meaning {
    /// Nothing: labels, another spelling, or a row without consequences.
    Neutral,
    /// Somebody may do less, and nobody more.
    Narrows,
    /// The same jobs get something else, such as another role.
    Moves,
    /// Somebody may do more; or it cannot be told that nobody does.
    Widens,
}

impl Meaning {
    /// As it is written.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Neutral => "neutral",
            Self::Narrows => "narrows",
            Self::Moves => "moves",
            Self::Widens => "widens",
        }
    }

    pub(super) fn sentence(self, words: &str) -> String {
        let verb = match self {
            Self::Neutral => "changes nothing",
            Self::Narrows | Self::Moves | Self::Widens => self.as_str(),
        };
        format!("{verb}: {words}")
    }

    /// The meaning of the same change in a row that keeps out.
    pub(super) fn reversed(self) -> Self {
        match self {
            Self::Narrows => Self::Widens,
            Self::Widens => Self::Narrows,
            Self::Neutral | Self::Moves => self,
        }
    }
}
