use std::collections::HashMap;
use std::time::Duration;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::{AttributeValue, KeysAndAttributes};
use brevet_policy::{MappingName, Reading, Scope, read};
use tokio::task::JoinSet;

use crate::cache::Cache;
use crate::fault::StoreUnavailable;
use crate::item::row_from_item;

/// The most keys one `BatchGetItem` takes.
const MOST_KEYS: usize = 100;
/// How long to wait before asking for what was left unprocessed, at first and at most.
const FIRST_PAUSE: Duration = Duration::from_millis(20);
const LONGEST_PAUSE: Duration = Duration::from_millis(320);

type Item = HashMap<String, AttributeValue>;

/// The table of role mappings, read with strong consistency.
///
/// Nothing here gives up by itself: the caller bounds the time by dropping the future.
#[derive(Debug)]
pub struct MappingStore {
    client: Client,
    table: String,
    cache: Cache,
}

impl MappingStore {
    /// Reads `table`. Rows of a name are kept for `cache_seconds`; with 0 they are not kept at all.
    pub fn new(client: Client, table: impl Into<String>, cache_seconds: u64) -> Self {
        Self { client, table: table.into(), cache: Cache::new(cache_seconds) }
    }

    /// The rows of this name, and those of every name (`*`), in any of these scopes: one request for up to 50 scopes.
    pub async fn rows_named(
        &self,
        scopes: &[Scope],
        name: &MappingName,
        now: u64,
    ) -> Result<Vec<Reading>, StoreUnavailable> {
        let question = (scopes.to_vec(), name.clone());
        if let Some(readings) = self.cache.get(&question, now) {
            return Ok(readings);
        }
        let keys: Vec<Item> = scopes.iter().flat_map(|scope| [key(scope, name.as_str()), key(scope, "*")]).collect();
        let mut readings = Vec::new();
        for batch in keys.chunks(MOST_KEYS) {
            readings.extend(self.get_batch(batch.to_vec()).await?);
        }
        self.cache.put(question, &readings, now);
        Ok(readings)
    }

    /// Every row in any of these scopes: one query for each, all at once, page after page. They may be very many, so
    /// they are never kept.
    pub async fn rows_in(&self, scopes: &[Scope]) -> Result<Vec<Reading>, StoreUnavailable> {
        let mut queries = JoinSet::new();
        for scope in scopes {
            queries.spawn(query(self.client.clone(), self.table.clone(), scope.clone()));
        }
        let mut readings = Vec::new();
        while let Some(answer) = queries.join_next().await {
            readings.extend(answer.map_err(|_| StoreUnavailable::Other)??);
        }
        Ok(readings)
    }

    async fn get_batch(&self, mut keys: Vec<Item>) -> Result<Vec<Reading>, StoreUnavailable> {
        let mut readings = Vec::new();
        let mut pause = FIRST_PAUSE;
        while !keys.is_empty() {
            let request = KeysAndAttributes::builder().set_keys(Some(keys)).consistent_read(true).build();
            let request = request.map_err(|_| StoreUnavailable::Other)?;
            let answer = self.client.batch_get_item().request_items(&self.table, request).send().await?;
            // DynamoDB has a list even where it finds nothing; without one, nobody has looked.
            if answer.responses.is_none() && answer.unprocessed_keys.is_none() {
                return Err(StoreUnavailable::Other);
            }
            readings.extend(answer.responses.iter().flatten().flat_map(|(_, items)| items).map(reading));
            // Whatever the answer calls the table: keys that were lost here could be those of deny rows.
            keys = answer.unprocessed_keys.into_iter().flatten().flat_map(|(_, left)| left.keys).collect();
            if !keys.is_empty() {
                tokio::time::sleep(pause).await;
                pause = (pause * 2).min(LONGEST_PAUSE);
            }
        }
        Ok(readings)
    }
}

async fn query(client: Client, table: String, scope: Scope) -> Result<Vec<Reading>, StoreUnavailable> {
    let mut readings = Vec::new();
    let mut start = None;
    loop {
        let page = client
            .query()
            .table_name(&table)
            .consistent_read(true)
            .key_condition_expression("#scope = :scope")
            .expression_attribute_names("#scope", "scope")
            .expression_attribute_values(":scope", AttributeValue::S(scope.to_string()))
            .set_exclusive_start_key(start)
            .send()
            .await?;
        readings.extend(page.items.as_ref().ok_or(StoreUnavailable::Other)?.iter().map(reading));
        start = page.last_evaluated_key;
        if start.as_ref().is_none_or(HashMap::is_empty) {
            return Ok(readings);
        }
    }
}

fn key(scope: &Scope, name: &str) -> Item {
    let text = |text: &str| AttributeValue::S(text.to_owned());
    HashMap::from([("scope".to_owned(), text(scope.as_str())), ("name".to_owned(), text(name))])
}

fn reading(item: &Item) -> Reading {
    read(&row_from_item(item))
}

#[cfg(test)]
mod tests;
