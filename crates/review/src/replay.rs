//! What other rows would have said to the jobs that came.

mod judgement;

#[cfg(test)]
mod tests;

use brevet_policy::Row;

use self::judgement::Judge;
use crate::recorded::{Asked, RecordedDecision, RecordedProject};
use crate::tally::Tally;

/// What proposed rows are held against.
#[derive(Clone, Copy, Debug)]
pub enum Baseline<'a> {
    /// What was decided then.
    Recorded,
    /// What these rows decide about the same jobs: the difference is then the rows' alone.
    Rows(&'a [Row]),
}

/// What would change for the jobs that came.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Replay {
    /// How many decisions came out how.
    pub totals: Totals,
    /// What changes, by project and name, the most frequent first; unchanged ones are counted only.
    pub effects: Vec<ReplayEffect>,
    /// Changes that there was no room to tell apart.
    pub further: u64,
}

/// How many decisions came out how.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Totals {
    /// Refused, and would be granted.
    pub gains: u64,
    /// Granted, and would be refused.
    pub loses: u64,
    /// Granted either way, and another role.
    pub moves: u64,
    /// The same either way.
    pub unchanged: u64,
    /// What the lines hold is not enough to tell.
    pub cannot_tell: u64,
    /// Not decisions of rows: tokens that were refused, questions, outages, and repeats of a refusal.
    pub skipped: u64,
}

/// One change for one project.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct ReplayEffect {
    /// Which.
    pub verdict: Verdict,
    /// Whose job it was.
    pub project: RecordedProject,
    /// What it asked for: a name, with the route after it for an API.
    pub asked: String,
    /// Why, from the proposed rows.
    pub why: String,
    /// How often.
    pub count: u64,
    /// When last, in seconds since the epoch.
    pub last: u64,
}

/// What the proposed rows change for a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Refused, and would be granted.
    Gains,
    /// Granted, and would be refused.
    Loses,
    /// Granted either way, and another role.
    Moves,
    /// What the line holds is not enough to tell.
    CannotTell,
}

/// Decides again about each job as if it came at `now`, with a token as old as it was then.
pub fn what_if(
    decisions: impl IntoIterator<Item = RecordedDecision>,
    baseline: Baseline<'_>,
    proposed: &[Row],
    now: u64,
) -> Replay {
    let judge = Judge::new(baseline, proposed, now);
    let mut totals = Totals::default();
    let mut effects = Tally::default();
    for decision in decisions {
        let (Some(project), false) = (&decision.project, decision.repeat || decision.asked == Asked::Nothing) else {
            totals.skipped += 1;
            continue;
        };
        let Some((verdict, why)) = judge.verdict(&decision, &mut totals) else { continue };
        effects.add((verdict, project.clone(), decision.asked.to_string(), why), decision.time);
    }
    let further = effects.uncounted();
    let effects = effects.into_sorted().into_iter().map(|((verdict, project, asked, why), tallied)| ReplayEffect {
        verdict,
        project,
        asked,
        why,
        count: tallied.count,
        last: tallied.last,
    });
    Replay { totals, effects: effects.collect(), further }
}
