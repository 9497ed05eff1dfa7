use brevet_identity::ClaimName;

use crate::mapping::{Effect, Mode};

/// One row that had a say, for the audit line. Holds the job's own claims, never the patterns they were held against.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct TraceLine {
    /// Key of the row: its scope.
    pub scope: String,
    /// Key of the row: its name.
    pub name: String,
    /// Which edition of the row it was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// What it was there for. A row whose `effect` cannot be read counts as `deny`.
    pub effect: Effect,
    /// Whether it had consequences.
    pub mode: Mode,
    /// What came of it, taken by itself.
    #[serde(flatten)]
    pub finding: Finding,
}

/// What came of a row, taken by itself.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum Finding {
    /// An allow row that applies.
    Grants,
    /// A deny row that applies.
    Denies,
    /// A deny row that cannot be read, and denies for that reason.
    DeniesUnread,
    /// An allow row that would apply, were it not in `report` mode.
    WouldGrant,
    /// A deny row that would apply, were it not in `report` mode.
    WouldDeny,
    /// An allow row that cannot be read.
    Invalid,
    /// `enabled` is false.
    Disabled,
    /// `not_before` lies ahead.
    NotYetInForce,
    /// `expires_at` has passed.
    Expired,
    /// The code comes from a fork.
    ForkPipeline,
    /// The project has another path than the row's label.
    PathChanged {
        /// The path it has.
        presented: String,
    },
    /// A condition is not met.
    ConditionNotMet {
        /// The claim.
        claim: ClaimName,
        /// Its value, if the job has it.
        presented: Option<String>,
    },
    /// The token is older than the row accepts.
    TokenTooOld {
        /// Its age in seconds.
        age_seconds: u64,
    },
}
