use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use brevet_policy::Row;

use crate::item::{item_from_row, row_from_item};

/// A row as it is in the table, to the last attribute.
#[derive(Clone, Debug, PartialEq)]
pub struct StoredRow {
    item: HashMap<String, AttributeValue>,
    row: Row,
}

impl StoredRow {
    pub(super) fn new(item: HashMap<String, AttributeValue>) -> Self {
        let row = row_from_item(&item);
        Self { item, row }
    }

    /// A row that was written by us, as it is in the table from then on.
    pub fn of(row: &Row) -> Self {
        Self { item: item_from_row(row), row: row.clone() }
    }

    /// What is read of it.
    pub fn row(&self) -> &Row {
        &self.row
    }

    pub(super) fn item(&self) -> &HashMap<String, AttributeValue> {
        &self.item
    }
}
