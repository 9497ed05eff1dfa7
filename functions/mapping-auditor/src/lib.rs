//! The `mapping-auditor` function: every change of the role-mapping table becomes an audit line and metrics.
//!
//! Reading order: [`record`] is the door, [`image`] turns what DynamoDB writes into rows, [`change`] judges a row before and
//! after, [`line`] is what is logged, [`app`] is the way through. It calls nobody, so the only thing worth trying again is
//! a line that could not be written; a record that cannot be read is told about and passed over.

mod app;
mod change;
mod image;
mod line;
mod record;
mod settings;

pub use app::{App, BatchAnswer, NotAStreamEvent};
pub use settings::Settings;
