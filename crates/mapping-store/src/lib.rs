//! The DynamoDB adapter: items to mappings and back, lookups, and the ledger of token uses.
//!
//! Every error here means "cannot tell", never "no", but for [`LedgerError::TokenUsedUp`].

mod cache;
mod fault;
mod hex;
mod item;
mod ledger;
mod lookup;

#[cfg(test)]
mod test_support;

pub use fault::StoreUnavailable;
pub use item::{item_from_row, row_from_item};
pub use ledger::{Attempt, LedgerError, UseLedger};
pub use lookup::MappingStore;
