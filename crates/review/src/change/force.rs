use brevet_policy::{AllowRule, DenyRule, Mode, Reading, Rule, When};

use super::meaning::Meaning;

/// What a row does, its window aside.
pub(super) enum Force<'a> {
    /// Nothing at all, and why, as if after "the row".
    Nothing(&'static str),
    /// It lets in.
    Lets(&'a AllowRule),
    /// It keeps out; so does one that may have been meant to, and cannot be read.
    Keeps(&'a DenyRule),
}

impl<'a> Force<'a> {
    pub(super) fn of(reading: Option<&'a Reading>) -> Self {
        let Some(reading) = reading else { return Self::Nothing("is not there") };
        let force = Self::when_enforced(reading);
        let when = match &force {
            Self::Lets(rule) => &rule.when,
            Self::Keeps(rule) => &rule.when,
            Self::Nothing(_) => return force,
        };
        idle(when).map_or(force, Self::Nothing)
    }

    /// What the row would do if it were switched on and enforced.
    pub(super) fn when_enforced(reading: &'a Reading) -> Self {
        match reading {
            Reading::Valid(mapping) => match &mapping.rule {
                Rule::Allow(rule) => Self::Lets(rule),
                Rule::Deny(rule) => Self::Keeps(rule),
            },
            Reading::Invalid(invalid) => {
                invalid.denies().map_or(Self::Nothing("cannot be read and denies like no row at all"), Self::Keeps)
            }
        }
    }

    /// What it means that a row which did this does that, so far as the two alone tell.
    pub(super) fn becomes(&self, new: &Force<'_>) -> Meaning {
        match (self, new) {
            (Self::Nothing(_), Force::Nothing(_)) => Meaning::Neutral,
            (Self::Lets(_), Force::Lets(_)) | (Self::Keeps(_), Force::Keeps(_)) => Meaning::Neutral,
            (Self::Nothing(_) | Self::Keeps(_), Force::Lets(_)) | (Self::Keeps(_), Force::Nothing(_)) => {
                Meaning::Widens
            }
            (Self::Nothing(_) | Self::Lets(_), Force::Keeps(_)) | (Self::Lets(_), Force::Nothing(_)) => {
                Meaning::Narrows
            }
        }
    }
}

fn idle(when: &When) -> Option<&'static str> {
    if !when.enabled {
        Some("is switched off")
    } else if when.mode == Mode::Report {
        Some("only logs")
    } else {
        None
    }
}
