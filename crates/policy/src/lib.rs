//! Role mappings, the decision over them, and the session a grant asks STS for.
//!
//! Pure: no I/O, no clock, no environment, no AWS. The time is always a parameter, in seconds since the epoch. Rows come
//! in as JSON objects ([`Row`]), whatever they are stored in. A [`Grant`] is made by [`decide`] and [`survey`] alone, and
//! a [`SessionRequest`] from a `Grant` alone.

mod confidential;
mod decision;
mod mapping;
mod name;
mod pattern;
mod reading;
mod role;
mod route;
mod scope;
mod session;
mod terms;

#[cfg(test)]
mod test_support;

pub use confidential::Confidential;
pub use decision::{
    Denial, DenialCode, DenialReason, Finding, FullDenialReason, Grant, Outcome, RouteEntitlement, Surveyed, TraceLine,
    decide, entitlement, survey,
};
pub use mapping::{AllowRule, Conditions, DenyRule, Effect, Mapping, Mode, Right, Rule, When};
pub use name::{ApiName, MappingName, RowName};
pub use pattern::{Pattern, PatternFault};
pub use reading::{Fault, InvalidMapping, Reading, Row, attributes, is_disclosable, read, review_by};
pub use role::{RoleArn, RoleArnTemplate};
pub use route::{HttpMethod, HttpRoute, REFUSED_PATHS, RouteFault, RoutePattern, Segment};
pub use scope::{Scope, Subject, scopes_of};
pub use session::{How, Narrowing, SessionFault, SessionRequest, SessionTag};
pub use terms::{AssumeRoleTerms, DurationTerms, RoleTerms, RouteTerms, SourceIdentity, Via};
