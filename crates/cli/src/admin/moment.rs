//! Times as people type and read them.

use time::format_description::well_known::Rfc3339;
use time::macros::format_description;
use time::{Date, OffsetDateTime, Time};

/// Reads a moment: RFC 3339, a date (its first second, UTC), or seconds since the epoch.
pub(crate) fn moment(text: &str) -> Result<u64, String> {
    let date = || Date::parse(text, format_description!("[year]-[month]-[day]")).ok();
    let parsed = OffsetDateTime::parse(text, &Rfc3339).ok();
    let parsed = parsed.or_else(|| Some(date()?.with_time(Time::MIDNIGHT).assume_utc()));
    let seconds = parsed.and_then(|moment| u64::try_from(moment.unix_timestamp()).ok());
    seconds
        .or_else(|| text.parse().ok())
        .ok_or_else(|| "write `2026-12-31T08:00:00Z`, `2026-12-31`, or seconds since the epoch".to_owned())
}

/// Reads a span of time, in seconds: `90s`, `30m`, `4h`, `7d` or `2w`.
pub(crate) fn span(text: &str) -> Result<u64, String> {
    let units = [("s", 1), ("m", 60), ("h", 3_600), ("d", 86_400), ("w", 7 * 86_400)];
    let seconds = units.into_iter().find_map(|(unit, seconds)| {
        let count: u64 = text.strip_suffix(unit)?.parse().ok()?;
        count.checked_mul(seconds)
    });
    // A thousand years: whatever is added to it stays a date.
    seconds
        .filter(|seconds| (1..=365_000 * 86_400).contains(seconds))
        .ok_or_else(|| "write a whole number and a unit: `90s`, `30m`, `4h`, `7d` or `2w`".to_owned())
}

/// As RFC 3339 in UTC.
pub(crate) fn shown(seconds: u64) -> String {
    let moment = i64::try_from(seconds).ok().and_then(|seconds| OffsetDateTime::from_unix_timestamp(seconds).ok());
    moment.and_then(|moment| moment.format(&Rfc3339).ok()).unwrap_or_else(|| seconds.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_what_is_no_moment_and_no_span() {
        for text in ["", "now", "2026-13-01", "2026-11-22T08:00:00", "-1", "1.5"] {
            assert!(moment(text).is_err(), "{text}");
        }
        for text in ["", "7", "d", "0d", "-1d", "1.5h", "7 d", "7days", "99999999999999999999d", "400000000d"] {
            assert!(span(text).is_err(), "{text}");
        }
    }

    #[test]
    fn reads_moments_in_each_spelling_and_spans_in_each_unit() {
        for text in ["1795305600", "2026-11-22", "2026-11-22T00:00:00Z", "2026-11-22T01:00:00+01:00"] {
            assert_eq!(moment(text), Ok(1_795_305_600), "{text}");
        }
        assert_eq!(shown(1_795_305_600), "2026-11-22T00:00:00Z");
        let spans = ["90s", "30m", "4h", "7d", "2w"].map(|text| span(text).unwrap());
        assert_eq!(spans, [90, 1_800, 14_400, 604_800, 1_209_600]);
    }
}
