use std::fmt;

use brevet_identity::Principal;
use brevet_policy::{ApiName, Denial, Effect, Finding, Mode, Outcome, TraceLine, decide, entitlement};

use super::{Baseline, Totals, Verdict};
use crate::index::Index;
use crate::recorded::{Asked, RecordedDecision};

/// The rows on both sides.
pub(super) struct Judge {
    baseline: Option<Index>,
    proposed: Index,
    now: u64,
}

/// What rows say to a job.
struct Answer {
    yes: bool,
    role_arn: Option<String>,
    why: String,
    /// Whether it hangs on a claim that no line holds.
    uncertain: bool,
}

impl Judge {
    pub(super) fn new(baseline: Baseline<'_>, proposed: &[brevet_policy::Row], now: u64) -> Self {
        let baseline = match baseline {
            Baseline::Recorded => None,
            Baseline::Rows(rows) => Some(Index::new(rows)),
        };
        Self { baseline, proposed: Index::new(proposed), now }
    }

    /// What changes, if anything does; counts it in any case.
    pub(super) fn verdict(&self, decision: &RecordedDecision, totals: &mut Totals) -> Option<(Verdict, String)> {
        let before = match &self.baseline {
            None if recorded(decision).is_none() => {
                totals.skipped += 1;
                return None;
            }
            None => recorded(decision),
            Some(rows) => self.answer(rows, decision),
        };
        let (verdict, why) = match (before, self.answer(&self.proposed, decision)) {
            (Some(before), Some(after)) if !before.uncertain && !after.uncertain => match (before.yes, after.yes) {
                (false, true) => (Verdict::Gains, after.why),
                (true, false) => (Verdict::Loses, after.why),
                (true, true) if before.role_arn != after.role_arn => (Verdict::Moves, moves(&before, &after)),
                (true, true) | (false, false) => {
                    totals.unchanged += 1;
                    return None;
                }
            },
            (Some(_), Some(_)) => {
                (Verdict::CannotTell, "a row has a condition on `user_email`, which no line holds".to_owned())
            }
            _ => (Verdict::CannotTell, why_not(decision).to_owned()),
        };
        let count = match verdict {
            Verdict::Gains => &mut totals.gains,
            Verdict::Loses => &mut totals.loses,
            Verdict::Moves => &mut totals.moves,
            Verdict::CannotTell => &mut totals.cannot_tell,
        };
        *count += 1;
        Some((verdict, why))
    }

    fn answer(&self, rows: &Index, decision: &RecordedDecision) -> Option<Answer> {
        let job = decision.job_at(self.now)?;
        match &decision.asked {
            Asked::Role(name) => {
                let outcome = decide(&job, &rows.that_matter(&job, name), name, self.now);
                Some(Answer::of_role(&outcome, &job))
            }
            Asked::Route { name, method, path } => {
                let name = name.as_ref()?;
                let api = ApiName::parse(name.as_str().strip_prefix("api.")?)?;
                let entitlement = entitlement(&job, &rows.that_matter(&job, name), &api, self.now);
                let yes = entitlement.permits(method, path);
                let why = match entitlement.denial() {
                    Some(denial) => denial.message().to_owned(),
                    None if yes => "a row opens the route".to_owned(),
                    None => "no row opens the route, or one closes it".to_owned(),
                };
                let uncertain = hangs_on_email(entitlement.trace(), None);
                Some(Answer { yes, role_arn: None, why, uncertain })
            }
            Asked::Nothing => None,
        }
    }
}

impl Answer {
    fn of_role(outcome: &Outcome, job: &Principal) -> Self {
        match outcome {
            Outcome::Granted(grant) => {
                let role_arn = grant.terms().role_arn.for_job(job).to_string();
                let why = format!("the row `{}` of `{}` grants `{role_arn}`", grant.mapping(), grant.scope());
                let uncertain = hangs_on_email(outcome.trace(), Some(true));
                Self { yes: true, role_arn: Some(role_arn), why, uncertain }
            }
            Outcome::Denied(denial) => {
                let uncertain = hangs_on_email(outcome.trace(), Some(false)) && !is_closed(denial);
                Self { yes: false, role_arn: None, why: denial.message().to_owned(), uncertain }
            }
        }
    }
}

fn is_closed(denial: &Denial) -> bool {
    denial.code() == brevet_policy::DenialCode::ExplicitlyDenied
}

/// Whether a row that could turn the answer round fails on the one claim that is not recorded. `None` for routes, of
/// which any row may open or close some.
fn hangs_on_email(trace: &[TraceLine], granted: Option<bool>) -> bool {
    trace.iter().any(|line| {
        let unknown = matches!(&line.finding, Finding::ConditionNotMet { claim, .. } if claim.as_str() == "user_email");
        let turns = match line.effect {
            Effect::Deny => granted != Some(false),
            Effect::Allow => granted != Some(true),
        };
        unknown && turns && line.mode == Mode::Enforce
    })
}

/// What the rows said then; `None` if something else kept them from saying anything.
fn recorded(decision: &RecordedDecision) -> Option<Answer> {
    let yes = decision.granted_by.is_some();
    let refusals =
        ["no_mapping", "explicitly_denied", "conditions_not_met", "fork_pipeline", "path_changed", "token_too_old"];
    let said = yes || refusals.contains(&decision.code.as_str());
    let yes = yes && (matches!(decision.asked, Asked::Role(_)) || decision.code == "granted");
    said.then(|| Answer { yes, role_arn: decision.role_arn.clone(), why: String::new(), uncertain: false })
}

fn why_not(decision: &RecordedDecision) -> &'static str {
    match decision.asked {
        Asked::Route { name: None, .. } => "no row had a say, so the line does not tell which API it was",
        Asked::Role(_) | Asked::Route { .. } | Asked::Nothing => {
            "the line does not hold the job's claims: it was written by an earlier version"
        }
    }
}

fn moves(before: &Answer, after: &Answer) -> String {
    format!("{}, not `{}`", after.why, before.role_arn.as_deref().unwrap_or("another"))
}

impl fmt::Display for Asked {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Role(name) => write!(formatter, "{name}"),
            Self::Route { name: Some(name), method, path } => write!(formatter, "{name} {method} {path}"),
            Self::Route { name: None, method, path } => write!(formatter, "{method} {path}"),
            Self::Nothing => formatter.write_str("nothing"),
        }
    }
}
