//! The whole table, for the tools of administrators. No function uses this: their roles may only read single rows.

mod guard;
mod stored;

use std::collections::HashMap;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::{AttributeValue, KeyType, ScalarAttributeType, TableDescription};
use brevet_policy::Row;

pub use self::stored::StoredRow;
use crate::fault::StoreUnavailable;
use crate::item::{item_from_row, row_from_item};

/// Reads and edits the table. Nothing is written that was not seen before: every write is conditional on the row being,
/// to the last attribute, what it was when it was read.
#[derive(Clone, Debug)]
pub struct TableEditor {
    client: Client,
    table: String,
}

/// What the table says of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableFacts {
    /// Its ARN, which tells the account and the region.
    pub arn: String,
    /// About how many rows there are; DynamoDB counts every six hours.
    pub rows: u64,
}

/// Why a row was not written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EditError {
    /// No: the row is no longer what it was when it was read.
    #[error("somebody else has changed the row in the meantime")]
    Changed,
    /// Cannot tell.
    #[error(transparent)]
    Unavailable(#[from] StoreUnavailable),
}

impl TableEditor {
    /// Edits `table`: a name, or an ARN for a table of another account.
    pub fn new(client: Client, table: impl Into<String>) -> Self {
        Self { client, table: table.into() }
    }

    /// Makes sure that it is a table of role mappings.
    pub async fn describe(&self) -> Result<TableFacts, StoreUnavailable> {
        let answer = self.client.describe_table().table_name(&self.table).send().await?;
        let table = answer.table.ok_or(StoreUnavailable::Other)?;
        if !has_our_keys(&table) {
            return Err(StoreUnavailable::TableUnfit);
        }
        let rows = table.item_count().and_then(|count| u64::try_from(count).ok()).unwrap_or_default();
        Ok(TableFacts { arn: table.table_arn.unwrap_or_default(), rows })
    }

    /// One page of the table's rows, strongly consistent, and where the next one begins.
    pub async fn page(&self, start: Option<Cursor>) -> Result<(Vec<StoredRow>, Option<Cursor>), StoreUnavailable> {
        let request = self.client.scan().table_name(&self.table).consistent_read(true);
        let answer = request.set_exclusive_start_key(start.map(|cursor| cursor.0)).send().await?;
        let next = answer.last_evaluated_key.filter(|key| !key.is_empty()).map(Cursor);
        Ok((answer.items.unwrap_or_default().into_iter().map(StoredRow::new).collect(), next))
    }

    /// One row, strongly consistent.
    pub async fn row(&self, scope: &str, name: &str) -> Result<Option<StoredRow>, StoreUnavailable> {
        let text = |text: &str| AttributeValue::S(text.to_owned());
        let get = self.client.get_item().table_name(&self.table).key("scope", text(scope)).key("name", text(name));
        Ok(get.consistent_read(true).send().await?.item.map(StoredRow::new))
    }

    /// Writes a row that is not there yet.
    pub async fn create(&self, row: &Row) -> Result<(), EditError> {
        let put = self.client.put_item().table_name(&self.table).set_item(Some(item_from_row(row)));
        let put =
            put.condition_expression("attribute_not_exists(#scope)").expression_attribute_names("#scope", "scope");
        match put.send().await {
            Ok(_) => Ok(()),
            Err(fault)
                if fault.as_service_error().is_some_and(|fault| fault.is_conditional_check_failed_exception()) =>
            {
                self.settled(row, Some(row)).await
            }
            Err(fault) => Err(StoreUnavailable::from(fault).into()),
        }
    }

    /// Puts a row in the place of one that was read.
    pub async fn replace(&self, old: &StoredRow, row: &Row) -> Result<(), EditError> {
        let guard = guard::unchanged(old.item());
        let put = self.client.put_item().table_name(&self.table).set_item(Some(item_from_row(row)));
        let put = put
            .condition_expression(guard.expression)
            .set_expression_attribute_names(Some(guard.names))
            .set_expression_attribute_values(Some(guard.values));
        match put.send().await {
            Ok(_) => Ok(()),
            Err(fault)
                if fault.as_service_error().is_some_and(|fault| fault.is_conditional_check_failed_exception()) =>
            {
                self.settled(row, Some(row)).await
            }
            Err(fault) => Err(StoreUnavailable::from(fault).into()),
        }
    }

    /// Takes away a row that was read.
    pub async fn delete(&self, old: &StoredRow) -> Result<(), EditError> {
        let guard = guard::unchanged(old.item());
        let delete = self.client.delete_item().table_name(&self.table).set_key(Some(key_of(old.row())));
        let delete = delete
            .condition_expression(guard.expression)
            .set_expression_attribute_names(Some(guard.names))
            .set_expression_attribute_values(Some(guard.values));
        match delete.send().await {
            Ok(_) => Ok(()),
            Err(fault)
                if fault.as_service_error().is_some_and(|fault| fault.is_conditional_check_failed_exception()) =>
            {
                self.settled(old.row(), None).await
            }
            Err(fault) => Err(StoreUnavailable::from(fault).into()),
        }
    }

    /// Whether a write whose condition failed has nevertheless done what it was to do: the SDK sends it again when the
    /// answer is lost.
    async fn settled(&self, key: &Row, wanted: Option<&Row>) -> Result<(), EditError> {
        let get = self.client.get_item().table_name(&self.table).set_key(Some(key_of(key))).consistent_read(true);
        let found = get.send().await.map_err(StoreUnavailable::from)?.item;
        if found.as_ref().map(row_from_item).as_ref() == wanted { Ok(()) } else { Err(EditError::Changed) }
    }
}

/// Where the next page begins.
#[derive(Clone, Debug)]
pub struct Cursor(HashMap<String, AttributeValue>);

fn key_of(row: &Row) -> HashMap<String, AttributeValue> {
    let key = ["scope", "name"].into_iter().filter_map(|part| Some((part.to_owned(), row.get(part)?.clone())));
    item_from_row(&key.collect())
}

fn has_our_keys(table: &TableDescription) -> bool {
    let is_text = |attribute: &str| {
        let definitions = table.attribute_definitions();
        definitions.iter().any(|definition| {
            definition.attribute_name() == attribute && *definition.attribute_type() == ScalarAttributeType::S
        })
    };
    let keys: Vec<_> = table.key_schema().iter().map(|key| (key.attribute_name(), key.key_type().clone())).collect();
    keys == [("scope", KeyType::Hash), ("name", KeyType::Range)] && is_text("scope") && is_text("name")
}

#[cfg(test)]
mod tests;
