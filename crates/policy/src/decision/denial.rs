use brevet_identity::{ClaimName, Principal};

use super::check::Unmet;
use super::consider::{Considered, Verdict};
use super::sentences;
use super::trace::TraceLine;
use crate::name::MappingName;

/// No, with a stable code and a sentence for the caller, who sees nothing in it but its own claims.
#[derive(Clone, Debug)]
pub struct Denial {
    code: DenialCode,
    message: String,
    reasons: Vec<DenialReason>,
    trace: Vec<TraceLine>,
}

/// The stable code of a denial.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum DenialCode {
    /// No allow row of that name is in force in any of the job's scopes.
    NoMapping,
    /// A deny row applies.
    ExplicitlyDenied,
    /// The code comes from a fork.
    ForkPipeline,
    /// The project has another path than the mapping was made for.
    PathChanged,
    /// A claim has another value than the mapping requires.
    ConditionsNotMet,
    /// The token is older than the mapping accepts.
    TokenTooOld,
}

/// One row's reason.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct DenialReason {
    /// The row's name.
    pub mapping: String,
    /// The row's scope, which is one of the job's own.
    pub scope: String,
    /// The claim that did not match.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub claim: Option<ClaimName>,
    /// What the job presented for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub presented: Option<String>,
    /// The same as a sentence.
    pub reason: String,
    #[serde(skip)]
    required: Vec<String>,
}

/// One row's reason together with what would have matched: for deployments that show it.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct FullDenialReason<'a> {
    /// The reason.
    #[serde(flatten)]
    pub own: &'a DenialReason,
    /// What would have matched: any one of these.
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    pub required: &'a [String],
}

impl Denial {
    /// The denial these rows add up to, whether or not one of them would allow something else.
    /// With no row to tell of, it says `otherwise`.
    pub(super) fn of_rows(
        principal: &Principal,
        name: &MappingName,
        rows: &[Considered<'_>],
        otherwise: String,
    ) -> Self {
        let denying: Vec<DenialReason> = rows
            .iter()
            .filter(|row| row.denies_all())
            .map(|row| DenialReason::new(row, sentences::explicitly_denied(name)))
            .collect();
        let failing: Vec<(Option<DenialCode>, DenialReason)> =
            rows.iter().filter_map(|row| DenialReason::of_failure(row, principal, name)).collect();
        let trace = rows.iter().map(|row| row.line.clone()).collect();
        if let Some(first) = denying.first() {
            return Self { code: DenialCode::ExplicitlyDenied, message: first.reason.clone(), reasons: denying, trace };
        }
        let told = failing.iter().find_map(|(code, reason)| code.map(|code| (code, reason.reason.clone())));
        let (code, message) = told.unwrap_or((DenialCode::NoMapping, otherwise));
        Self { code, message, reasons: failing.into_iter().map(|(_, reason)| reason).collect(), trace }
    }

    /// The stable code.
    pub fn code(&self) -> DenialCode {
        self.code
    }

    /// The sentence for the caller.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// Each row's reason, most specific first, with nothing in it but the caller's own claims.
    pub fn denials(&self) -> &[DenialReason] {
        &self.reasons
    }

    /// Each row's reason with what would have matched.
    pub fn denials_in_full(&self) -> Vec<FullDenialReason<'_>> {
        self.reasons.iter().map(|own| FullDenialReason { own, required: &own.required }).collect()
    }

    /// Every row that had a say, most specific first.
    pub fn trace(&self) -> &[TraceLine] {
        &self.trace
    }
}

impl DenialCode {
    /// As it is written in answers, logs and metrics.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NoMapping => "no_mapping",
            Self::ExplicitlyDenied => "explicitly_denied",
            Self::ForkPipeline => "fork_pipeline",
            Self::PathChanged => "path_changed",
            Self::ConditionsNotMet => "conditions_not_met",
            Self::TokenTooOld => "token_too_old",
        }
    }
}

impl DenialReason {
    /// What would have matched: any one of these.
    pub fn required(&self) -> &[String] {
        &self.required
    }

    fn new(row: &Considered<'_>, reason: String) -> Self {
        let (mapping, scope) = (row.line.name.clone(), row.line.scope.clone());
        Self { mapping, scope, claim: None, presented: None, reason, required: Vec::new() }
    }

    /// The reason of an allow row that does not apply, with its code if the row is in force.
    fn of_failure(
        row: &Considered<'_>,
        principal: &Principal,
        name: &MappingName,
    ) -> Option<(Option<DenialCode>, Self)> {
        let unmet = match &row.verdict {
            Verdict::Unreadable => return Some((None, Self::new(row, sentences::unreadable(name)))),
            Verdict::Fails(unmet) => unmet,
            Verdict::Allows(..) | Verdict::Denies(_) | Verdict::Nothing => return None,
        };
        let mut reason = Self::new(row, sentences::unmet(unmet, name, principal));
        let code = match unmet {
            Unmet::Disabled | Unmet::NotYetInForce | Unmet::Expired => None,
            Unmet::Fork => {
                reason.about("project_id", principal, principal.job_project_id().map(ToString::to_string));
                Some(DenialCode::ForkPipeline)
            }
            Unmet::Path { required } => {
                reason.about("project_path", principal, [required.clone()]);
                Some(DenialCode::PathChanged)
            }
            Unmet::Condition { claim, required } => {
                reason.about(claim.as_str(), principal, required.iter().cloned());
                Some(DenialCode::ConditionsNotMet)
            }
            Unmet::TokenAge { limit, .. } => {
                reason.required = vec![format!("at most {limit} s since `iat`")];
                Some(DenialCode::TokenTooOld)
            }
        };
        Some((code, reason))
    }

    fn about(&mut self, claim: &str, principal: &Principal, required: impl IntoIterator<Item = String>) {
        self.claim = ClaimName::parse(claim);
        self.presented = self.claim.and_then(|claim| principal.claim(claim)).map(str::to_owned);
        self.required = required.into_iter().collect();
    }
}
