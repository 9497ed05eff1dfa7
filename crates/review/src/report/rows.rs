use brevet_policy::{Effect, Mapping, Mode, Reading, Row, Rule, When, read, review_by};
use serde_json::Value;

use super::observed::{Observations, Observed};
use crate::recorded::RowKey;
use crate::words;

/// What is due within this many seconds is told of.
const SOON: u64 = 14 * 86_400;

/// A row, and something about it.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct RowNote {
    /// The row.
    #[serde(flatten)]
    pub row: RowKey,
    /// Who answers for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// What there is to say.
    pub note: String,
}

/// A row, and a time that comes or has come.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct DueRow {
    /// The row.
    #[serde(flatten)]
    pub row: RowKey,
    /// What it is there for.
    pub effect: Effect,
    /// Who answers for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// The time, in seconds since the epoch.
    pub due: u64,
    /// Whether it has passed.
    pub overdue: bool,
}

/// A row in report mode, and what it would have done.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct ReportModeRow {
    /// The row.
    #[serde(flatten)]
    pub row: RowKey,
    /// What it is there for.
    pub effect: Effect,
    /// Who answers for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// How many decisions it would have granted, taken by itself.
    pub would_grant: u64,
    /// How many decisions it would have denied, taken by itself.
    pub would_deny: u64,
    /// When it last would have done either, in seconds since the epoch.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last: Option<u64>,
    /// Whether it was seen to do something, so that somebody can judge whether to enforce it.
    pub ready: bool,
}

/// The lists that come from the table.
#[derive(Default)]
pub(super) struct Review {
    pub(super) unused: Vec<RowNote>,
    pub(super) expiring: Vec<DueRow>,
    pub(super) review_due: Vec<DueRow>,
    pub(super) report_mode: Vec<ReportModeRow>,
    pub(super) closed: Vec<RowNote>,
    pub(super) temporary: Vec<DueRow>,
    pub(super) invalid: Vec<RowNote>,
}

/// A row under review.
struct Entry<'a> {
    key: RowKey,
    owner: Option<String>,
    mapping: &'a Mapping,
    when: &'a When,
    now: u64,
}

impl Review {
    pub(super) fn of(rows: &[Row], observed: &Observations, now: u64) -> Self {
        let mut review = Self::default();
        for row in rows {
            let text = |attribute| row.get(attribute).and_then(Value::as_str).map(str::to_owned);
            let key = RowKey { scope: text("scope").unwrap_or_default(), name: text("name").unwrap_or_default() };
            let owner = text("owner");
            match read(row) {
                Reading::Invalid(invalid) => {
                    let faults = invalid.faults.iter().map(|fault| format!("`{}` {}", fault.attribute, fault.reason));
                    let note = faults.collect::<Vec<_>>().join("; ");
                    review.invalid.push(RowNote { row: key, owner, note });
                }
                Reading::Valid(mapping) => {
                    let when = match &mapping.rule {
                        Rule::Allow(rule) => &rule.when,
                        Rule::Deny(rule) => &rule.when,
                    };
                    let became = observed.of(&key);
                    let entry = Entry { key, owner, mapping: &mapping, when, now };
                    review.add(&entry, review_by(row), became, observed.decisions() > 0);
                }
            }
        }
        for list in [&mut review.expiring, &mut review.review_due, &mut review.temporary] {
            list.sort_by_key(|row| row.due);
        }
        review
    }

    fn add(&mut self, entry: &Entry<'_>, review_by: Option<u64>, became: Option<Observed>, any_decisions: bool) {
        self.review_due.extend(entry.due(review_by));
        self.expiring.extend(entry.due(entry.when.expires_at));
        if !entry.is_alive() {
            return;
        }
        let became = became.filter(|_| any_decisions);
        match entry.when.mode {
            Mode::Report => self.report_mode.push(entry.in_report_mode(became.unwrap_or_default())),
            Mode::Enforce => {
                self.temporary.extend(entry.when.expires_at.map(|end| entry.due_at(end)));
                match entry.mapping.effect() {
                    Effect::Deny => self.closed.push(entry.note(&count("denied", became))),
                    Effect::Allow if became.is_some_and(|became| became.used.count == 0) => {
                        self.unused.push(entry.note("no decision used it"));
                    }
                    Effect::Allow => {}
                }
            }
        }
    }
}

impl Entry<'_> {
    fn is_alive(&self) -> bool {
        let (now, when) = (self.now, self.when);
        when.enabled && when.not_before.is_none_or(|start| start <= now) && when.expires_at.is_none_or(|end| now < end)
    }

    fn due(&self, due: Option<u64>) -> Option<DueRow> {
        due.filter(|due| *due <= self.now + SOON).map(|due| self.due_at(due))
    }

    fn due_at(&self, due: u64) -> DueRow {
        let (row, owner) = (self.key.clone(), self.owner.clone());
        DueRow { row, effect: self.mapping.effect(), owner, due, overdue: due <= self.now }
    }

    fn note(&self, note: &str) -> RowNote {
        RowNote { row: self.key.clone(), owner: self.owner.clone(), note: note.to_owned() }
    }

    fn in_report_mode(&self, became: Observed) -> ReportModeRow {
        let (granted, denied) = (became.would_grant, became.would_deny);
        ReportModeRow {
            row: self.key.clone(),
            effect: self.mapping.effect(),
            owner: self.owner.clone(),
            would_grant: granted.count,
            would_deny: denied.count,
            last: Some(granted.last.max(denied.last)).filter(|last| *last > 0),
            ready: granted.count + denied.count > 0,
        }
    }
}

fn count(verb: &str, became: Option<Observed>) -> String {
    match became {
        None => format!("nothing is known of what it {verb}"),
        Some(became) => format!("{verb} {}", words::count(became.used.count, "decision")),
    }
}
