use std::fmt;

/// A rule, by a name that stays.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LintRule {
    /// The row cannot be read.
    InvalidRow,
    /// Two rows have the same key.
    DuplicateKey,
    /// An allow row that asks for no protection.
    UnprotectedRef,
    /// An allow row that rests on nothing but what a job author chooses.
    AuthorChosen,
    /// A `ref` that a tag can have as well.
    MissingRefType,
    /// A wildcard where a path begins.
    FirstSegmentWildcard,
    /// A production role for pipelines that others start.
    RiskyPipelineSource,
    /// Code from forks is let in.
    ForkPipelines,
    /// A role that Brevet is not meant to assume.
    RoleOutsidePath,
    /// One role for the projects of a whole group.
    SharedRole,
    /// Sessions that SDKs renew at every use.
    ShortSession,
    /// A pattern among others that no job can match.
    ImpossibleValue,
    /// A value that no GitLab known so far gives.
    UnknownValue,
    /// An allow row that no job can match.
    NeverMatches,
    /// A deny row that no job can match.
    DenyNeverMatches,
    /// An allow row that other rows leave nothing to.
    Shadowed,
    /// The row's time is over.
    Expired,
    /// The row's time is nearly over.
    ExpiresSoon,
    /// The row's time has not come.
    NotYetInForce,
    /// The row is switched off.
    Disabled,
    /// The row only logs.
    ReportMode,
    /// Nobody answers for the row.
    NoOwner,
    /// Nobody has said when to look at the row again.
    NoReviewDate,
    /// The review of the row is overdue.
    ReviewOverdue,
    /// The review of the row is due.
    ReviewSoon,
}

impl LintRule {
    /// Every rule, in the order of their checks.
    pub const ALL: [Self; 25] = [
        Self::InvalidRow,
        Self::DuplicateKey,
        Self::UnprotectedRef,
        Self::AuthorChosen,
        Self::MissingRefType,
        Self::FirstSegmentWildcard,
        Self::RiskyPipelineSource,
        Self::ForkPipelines,
        Self::RoleOutsidePath,
        Self::SharedRole,
        Self::ShortSession,
        Self::ImpossibleValue,
        Self::UnknownValue,
        Self::NeverMatches,
        Self::DenyNeverMatches,
        Self::Shadowed,
        Self::Expired,
        Self::ExpiresSoon,
        Self::NotYetInForce,
        Self::Disabled,
        Self::ReportMode,
        Self::NoOwner,
        Self::NoReviewDate,
        Self::ReviewOverdue,
        Self::ReviewSoon,
    ];

    /// The name: stable, for filters and for the formats that editors and GitLab read.
    pub fn as_str(self) -> &'static str {
        self.words().0
    }

    /// What the rule is about, in one sentence.
    pub fn summary(self) -> &'static str {
        self.words().1
    }

    fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::InvalidRow => ("invalid-row", "the row cannot be read, so it grants nothing"),
            Self::DuplicateKey => ("duplicate-key", "two rows have the same scope and name"),
            Self::UnprotectedRef => {
                ("unprotected-ref", "the row asks for no protected ref and no protected environment")
            }
            Self::AuthorChosen => ("author-chosen", "the row rests on nothing but what a job author chooses"),
            Self::MissingRefType => ("missing-ref-type", "a tag can be called like the branch the row means"),
            Self::FirstSegmentWildcard => ("first-segment-wildcard", "a pattern leaves open how the value begins"),
            Self::RiskyPipelineSource => {
                ("risky-pipeline-source", "a production role is open to pipelines that tokens or other pipelines start")
            }
            Self::ForkPipelines => ("fork-pipelines", "code from forks may use the row"),
            Self::RoleOutsidePath => {
                ("role-outside-path", "the role is outside the path of the roles Brevet may assume")
            }
            Self::SharedRole => ("shared-role", "one role is given to every project of a group or issuer"),
            Self::ShortSession => ("short-session", "sessions are so short that SDKs renew them at every use"),
            Self::ImpossibleValue => ("impossible-value", "a condition has a value that no job can have"),
            Self::UnknownValue => ("unknown-value", "a condition has a value that no known GitLab gives"),
            Self::NeverMatches => ("never-matches", "no job can meet the conditions of the row"),
            Self::DenyNeverMatches => {
                ("deny-never-matches", "no job can meet the conditions of the deny row: it keeps nobody out")
            }
            Self::Shadowed => ("shadowed", "other rows decide whatever this one could"),
            Self::Expired => ("expired", "the row has expired"),
            Self::ExpiresSoon => ("expires-soon", "the row expires within 14 days"),
            Self::NotYetInForce => ("not-yet-in-force", "the row is not in force yet"),
            Self::Disabled => ("disabled", "the row is switched off"),
            Self::ReportMode => ("report-mode", "the row only logs"),
            Self::NoOwner => ("no-owner", "nobody answers for the row"),
            Self::NoReviewDate => ("no-review-date", "nobody has said when the row is to be reviewed"),
            Self::ReviewOverdue => ("review-overdue", "the review of the row is overdue"),
            Self::ReviewSoon => ("review-soon", "the review of the row is due within 14 days"),
        }
    }
}

impl fmt::Display for LintRule {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl serde::Serialize for LintRule {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}
