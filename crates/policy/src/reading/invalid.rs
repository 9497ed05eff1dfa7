use serde_json::Value;

use super::Row;
use crate::mapping::DenyRule;
use crate::name::RowName;
use crate::scope::Scope;

/// A row that cannot be read, with everything that is wrong with it. For the log and for admins, never for a job.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct InvalidMapping {
    /// `scope` as stored, as far as it is a string.
    pub scope: Option<String>,
    /// `name` as stored, as far as it is a string.
    pub name: Option<String>,
    /// `version`, as far as it can be read.
    pub version: Option<String>,
    /// Everything that is wrong.
    pub faults: Vec<Fault>,
    #[serde(skip)]
    denies: Option<DenyRule>,
}

/// One thing that is wrong with a row.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Fault {
    /// Where: the attribute, with `.` and `[n]` for what is inside it.
    pub attribute: String,
    /// What: begins with a verb, as if after the attribute's name.
    pub reason: String,
}

impl InvalidMapping {
    pub(super) fn new(row: &Row, version: Option<String>, faults: Vec<Fault>, denies: Option<DenyRule>) -> Self {
        let text = |attribute| row.get(attribute).and_then(Value::as_str).map(str::to_owned);
        Self { scope: text("scope"), name: text("name"), version, faults, denies }
    }

    /// What the row denies although it cannot be read: as much as it could have, were it not for the parts of it that
    /// narrow a deny and read well.
    pub fn denies(&self) -> Option<&DenyRule> {
        self.denies.as_ref()
    }

    /// The scope, if it is one.
    pub fn scope(&self) -> Option<Scope> {
        self.scope.as_deref().and_then(Scope::parse)
    }

    /// The name; one that cannot be read may have been any.
    pub fn row_name(&self) -> RowName {
        self.name.as_deref().and_then(RowName::parse).unwrap_or(RowName::Every)
    }
}
