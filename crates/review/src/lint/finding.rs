use super::rule::LintRule;

/// Something to be said against a row.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct LintFinding {
    /// Which rule.
    pub rule: LintRule,
    /// How bad it is.
    pub severity: Severity,
    /// Key of the row: its scope as stored, or nothing if that is no text.
    pub scope: String,
    /// Key of the row: its name as stored, or nothing if that is no text.
    pub name: String,
    /// Where in the row: the attribute, with `.` and `[n]` for what is inside it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attribute: Option<String>,
    /// What is wrong and what it leads to.
    pub why: String,
    /// What to do about it.
    pub remedy: String,
}

/// How bad a finding is; the worst comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// The row does not do what it says, or opens what nobody can have meant to open.
    Error,
    /// Somebody should look at it and may have a reason for it.
    Warning,
    /// Good to know.
    Info,
}

impl Severity {
    /// As it is written in findings.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Info => "info",
        }
    }
}
