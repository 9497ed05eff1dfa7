use brevet_policy::{InvalidMapping, Mode, When};

use super::cuts::Cut;

/// Whether a row leads anywhere now.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(tag = "standing", rename_all = "snake_case")]
pub enum Standing {
    /// It does, for jobs that meet its terms.
    Now,
    /// It does not.
    NotNow {
        /// Why, as if after "the row".
        why: String,
    },
    /// It may: something about the project is not known.
    CannotTell {
        /// What.
        why: String,
    },
}

impl Standing {
    pub(super) fn of(when: &When, cuts: &[Cut], now: u64) -> Self {
        let why = if !when.enabled {
            "is switched off"
        } else if when.expires_at.is_some_and(|end| now >= end) {
            "has expired"
        } else if when.not_before.is_some_and(|start| now < start) {
            "is not in force yet"
        } else if when.mode == Mode::Report {
            "only logs"
        } else if cuts.iter().any(|cut| cut.all) {
            "is closed by a deny row"
        } else {
            return Self::Now;
        };
        Self::NotNow { why: why.to_owned() }
    }

    pub(super) fn unreadable(invalid: &InvalidMapping) -> Self {
        let faults: Vec<String> =
            invalid.faults.iter().map(|fault| format!("`{}` {}", fault.attribute, fault.reason)).collect();
        Self::NotNow { why: format!("cannot be read: {}", faults.join("; ")) }
    }

    /// What leads somewhere comes first.
    pub(super) fn order(&self) -> u8 {
        match self {
            Self::Now => 0,
            Self::CannotTell { .. } => 1,
            Self::NotNow { .. } => 2,
        }
    }
}
