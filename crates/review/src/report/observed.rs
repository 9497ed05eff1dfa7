use crate::recorded::{RecordedDecision, RecordedProject, RowKey};
use crate::tally::{Tallied, Tally};

/// What decisions say about rows, in bounded memory: feed it line by line.
#[derive(Debug, Default)]
pub struct Observations {
    period: Option<(u64, u64)>,
    decisions: u64,
    used: Tally<RowKey>,
    would_grant: Tally<RowKey>,
    would_deny: Tally<RowKey>,
    renamed: Tally<(RowKey, RecordedProject)>,
    refusals: Tally<Refused>,
}

/// What is one kind of refusal.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Refused {
    pub(super) code: String,
    pub(super) asked: String,
    pub(super) project: Option<RecordedProject>,
}

/// What became of one row.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Observed {
    pub(super) used: Tallied,
    pub(super) would_grant: Tallied,
    pub(super) would_deny: Tallied,
}

impl Observations {
    /// Takes a decision in. A repeat of a refusal says nothing new about rows.
    pub fn add(&mut self, decision: &RecordedDecision) {
        let time = decision.time;
        self.decisions += 1;
        self.period = self.period.map(|(first, last)| (first.min(time), last.max(time))).or(Some((time, time)));
        if decision.repeat {
            return;
        }
        for finding in &decision.trace {
            let row = finding.row.clone();
            match finding.outcome.as_str() {
                "denies" | "denies_unread" => self.used.add(row, time),
                // Every row for an API counts; of the rows for a role, only the one that was used.
                "grants" if row.name.starts_with("api.") => self.used.add(row, time),
                "would_grant" => self.would_grant.add(row, time),
                "would_deny" => self.would_deny.add(row, time),
                "path_changed" => decision.project.iter().for_each(|project| {
                    self.renamed.add((row.clone(), project.clone()), time);
                }),
                _ => {}
            }
        }
        match &decision.granted_by {
            Some(row) if !row.name.starts_with("api.") => self.used.add(row.clone(), time),
            _ => {}
        }
        if !["granted", "listed", "shown"].contains(&decision.code.as_str()) {
            let refused = Refused {
                code: decision.code.clone(),
                asked: decision.asked.to_string(),
                project: decision.project.clone(),
            };
            self.refusals.add(refused, time);
        }
    }

    pub(super) fn period(&self) -> Option<(u64, u64)> {
        self.period
    }

    pub(super) fn decisions(&self) -> u64 {
        self.decisions
    }

    pub(super) fn uncounted(&self) -> u64 {
        self.renamed.uncounted() + self.refusals.uncounted()
    }

    /// What became of a row; `None` if there were too many rows to know.
    pub(super) fn of(&self, row: &RowKey) -> Option<Observed> {
        let observed = Observed {
            used: self.used.get(row),
            would_grant: self.would_grant.get(row),
            would_deny: self.would_deny.get(row),
        };
        (observed.used.count > 0 || self.used.uncounted() == 0).then_some(observed)
    }

    /// The most frequent of each, first.
    pub(super) fn into_lists(self) -> Lists {
        Lists { renamed: self.renamed.into_sorted(), refusals: self.refusals.into_sorted() }
    }
}

/// What a log makes lists of, with counts.
pub(super) struct Lists {
    pub(super) renamed: Vec<((RowKey, RecordedProject), Tallied)>,
    pub(super) refusals: Vec<(Refused, Tallied)>,
}
