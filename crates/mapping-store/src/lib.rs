//! The DynamoDB adapter: items to mappings and back, lookups, the ledger of token uses, and edits by administrators.
//!
//! Every error here means "cannot tell", never "no", but for [`LedgerError::TokenUsedUp`] and [`EditError::Changed`].

mod admin;
mod cache;
mod fault;
mod hex;
mod item;
mod ledger;
mod lookup;

#[cfg(test)]
mod test_support;

pub use admin::{Cursor, EditError, StoredRow, TableEditor, TableFacts};
pub use fault::StoreUnavailable;
pub use item::{item_from_row, row_from_item};
pub use ledger::{Attempt, LedgerError, UseLedger};
pub use lookup::MappingStore;
