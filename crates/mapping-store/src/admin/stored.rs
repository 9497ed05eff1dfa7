use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use brevet_policy::Row;

use crate::item::row_from_item;

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

    /// What is read of it.
    pub fn row(&self) -> &Row {
        &self.row
    }

    pub(super) fn item(&self) -> &HashMap<String, AttributeValue> {
        &self.item
    }
}
