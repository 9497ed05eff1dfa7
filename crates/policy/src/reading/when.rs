use super::conditions;
use super::fields::Fields;
use crate::mapping::{Mode, When};

/// When a row applies. What cannot be read is as if absent, which for a deny row is the wider reading.
pub(super) fn read(fields: &mut Fields<'_>) -> When {
    let mode = fields.parsed("mode", mode, "must be `enforce` or `report`").unwrap_or(Mode::Enforce);
    let enabled = fields.flag("enabled").unwrap_or(true);
    let (mut not_before, mut expires_at) = (fields.moment("not_before"), fields.moment("expires_at"));
    if let (Some(start), Some(end)) = (not_before, expires_at)
        && end <= start
    {
        fields.fault("expires_at", "must be after `not_before`");
        (not_before, expires_at) = (None, None);
    }
    When { mode, enabled, not_before, expires_at, conditions: conditions::read(fields) }
}

fn mode(text: &str) -> Option<Mode> {
    match text {
        "enforce" => Some(Mode::Enforce),
        "report" => Some(Mode::Report),
        _ => None,
    }
}
