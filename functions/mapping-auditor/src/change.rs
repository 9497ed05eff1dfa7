//! A row before and after, judged by the code that the functions decide by.

use brevet_policy::{DenyRule, InvalidMapping, Mapping, Mode, Reading, Row, RowName, Rule, read};
use brevet_review::{Change, LintFinding, LintOptions, Meaning, Severity, compare, lint_row};
use serde_json::Value;

use crate::record::Images;

/// What `brevet freeze` writes into the rows it makes.
const FREEZE: &str = "brevet-freeze";

/// What is to be said of a change.
pub(crate) struct Judgement {
    /// How the row reads now; nothing of a row that is gone.
    pub(crate) reading: Option<Reading>,
    /// What is wrong with the row now, apart from how it reads.
    pub(crate) lint: Vec<LintFinding>,
    /// What the change means for who may get in.
    pub(crate) change: Change,
    /// The row kept jobs out and does so no longer.
    pub(crate) deny_removed: bool,
    /// The row is a freeze now (`true`), or was one and is none any more.
    pub(crate) freeze: Option<bool>,
}

impl Judgement {
    pub(crate) fn of(images: &Images, lint: &LintOptions, now: u64) -> Self {
        let (was, is) = (images.before().map(|row| Stand::of(row, now)), images.after().map(|row| Stand::of(row, now)));
        let holds = |stand: &Option<Stand>, what: fn(&Stand) -> bool| stand.as_ref().is_some_and(what);
        // A deny that is put off is taken away until then.
        let since = was.as_ref().map_or(now, |stand| stand.begin);
        let still = |stand: &Option<Stand>| stand.as_ref().is_some_and(|stand| stand.denies && stand.begin <= since);
        let frozen = |stand: &Option<Stand>| holds(stand, |stand| stand.denies && stand.by_freeze);
        let errors = images.after().map(|row| lint_row(row, lint, now)).unwrap_or_default().into_iter();
        Self {
            lint: errors.filter(|finding| finding.severity == Severity::Error).collect(),
            change: compare(images.before(), images.after()),
            deny_removed: holds(&was, |stand| stand.denies && stand.meant) && !still(&is),
            freeze: (frozen(&was) || frozen(&is)).then(|| frozen(&is)),
            reading: is.map(|stand| stand.reading),
        }
    }

    /// Somebody may do more than before, or it cannot be told that nobody does.
    pub(crate) fn widens(&self) -> bool {
        self.change.meaning == Meaning::Widens
    }

    /// Somebody may do more than before, for a time: this is how access is given in an emergency.
    pub(crate) fn temporary_access(&self, now: u64) -> bool {
        let Some(Reading::Valid(Mapping { rule: Rule::Allow(rule), .. })) = &self.reading else { return false };
        self.widens() && rule.when.expires_at.is_some_and(|end| now < end)
    }

    /// The row as it is now, if it cannot be read.
    pub(crate) fn invalid(&self) -> Option<&InvalidMapping> {
        self.reading.as_ref().and_then(Reading::invalid)
    }
}

/// How one image of a row stands towards jobs.
struct Stand {
    denies: bool,
    /// From when on, if it does.
    begin: u64,
    /// It denies because somebody said so, and not because nobody can tell what it says.
    meant: bool,
    by_freeze: bool,
    reading: Reading,
}

impl Stand {
    fn of(row: &Row, now: u64) -> Self {
        let reading = read(row);
        let says = |attribute, word| row.get(attribute).and_then(Value::as_str) == Some(word);
        Self {
            denies: deny_rule(&reading).is_some_and(|rule| is_on(rule, now)),
            begin: deny_rule(&reading).map_or(now, |rule| begin(rule, now)),
            meant: says("effect", "deny") || reading.row_name() == RowName::Every,
            by_freeze: says("managed_by", FREEZE),
            reading,
        }
    }
}

fn deny_rule(reading: &Reading) -> Option<&DenyRule> {
    match reading {
        Reading::Valid(mapping) => match &mapping.rule {
            Rule::Deny(rule) => Some(rule),
            Rule::Allow(_) => None,
        },
        Reading::Invalid(invalid) => invalid.denies(),
    }
}

/// Whether the rule keeps jobs out, now or as soon as its time comes.
fn is_on(rule: &DenyRule, now: u64) -> bool {
    rule.when.enabled && rule.when.mode == Mode::Enforce && rule.when.expires_at.is_none_or(|end| now < end)
}

/// The first moment from which the rule keeps jobs out.
fn begin(rule: &DenyRule, now: u64) -> u64 {
    rule.when.not_before.unwrap_or_default().max(now)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const NOW: u64 = 1_790_000_000;

    fn row(changes: Value) -> Row {
        let mut row = json!({"scope": "gitlab.example.com/project/4711", "name": "*", "effect": "deny", "managed_by": "brevet-freeze"});
        for (attribute, value) in changes.as_object().unwrap() {
            row[attribute] = value.clone();
        }
        row.as_object_mut().unwrap().retain(|_, value| !value.is_null());
        row.as_object().unwrap().clone()
    }

    fn judged(new: Option<Value>) -> Judgement {
        let old = row(json!({}));
        let images = match new {
            Some(changes) => Images::Changed { old, new: row(changes) },
            None => Images::Removed { old },
        };
        Judgement::of(&images, &LintOptions::default(), NOW)
    }

    #[test]
    fn sees_every_way_to_take_a_deny_away() {
        assert!(judged(None).deny_removed);
        for changes in [
            json!({"effect": "allow", "name": "deploy"}),
            json!({"mode": "report"}),
            json!({"enabled": false}),
            json!({"expires_at": NOW}),
            json!({"not_before": NOW + 1}),
        ] {
            assert!(judged(Some(changes.clone())).deny_removed, "{changes}");
        }
    }

    #[test]
    fn sees_no_deny_taken_away_where_jobs_are_still_kept_out() {
        for changes in [
            json!({"owner": "platform"}),
            json!({"expires_at": NOW + 60}),
            json!({"effect": "denny"}),
            json!({"efect": "deny", "effect": null}),
            json!({"conditions": {"reff": "main"}}),
        ] {
            assert!(!judged(Some(changes.clone())).deny_removed, "{changes}");
        }
    }

    #[test]
    fn takes_a_misspelt_allow_for_no_deny() {
        let changes = json!({"name": "deploy", "effect": "alow", "managed_by": null});
        let images = Images::Removed { old: row(changes) };
        assert!(!Judgement::of(&images, &LintOptions::default(), NOW).deny_removed);
    }

    #[test]
    fn tells_a_freeze_that_begins_goes_on_or_ends_from_any_other_deny() {
        let begins = Images::Created { new: row(json!({})) };
        assert_eq!(Judgement::of(&begins, &LintOptions::default(), NOW).freeze, Some(true));
        assert_eq!(judged(Some(json!({"description": "incident 7"}))).freeze, Some(true));
        assert_eq!(judged(None).freeze, Some(false));
        assert_eq!(judged(Some(json!({"enabled": false}))).freeze, Some(false));
        let other = Images::Removed { old: row(json!({"managed_by": null})) };
        assert_eq!(Judgement::of(&other, &LintOptions::default(), NOW).freeze, None);
    }

    #[test]
    fn reads_the_new_image_as_the_functions_do_and_keeps_errors_only() {
        let judgement = judged(Some(json!({"conditions": {"reff": "main"}})));
        assert_eq!(judgement.invalid().unwrap().faults[0].attribute, "conditions.reff");
        assert!(judgement.lint.iter().all(|finding| finding.severity == Severity::Error) && !judgement.lint.is_empty());
        assert!(judged(None).reading.is_none());
    }
}
