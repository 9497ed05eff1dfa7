use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::expression::Expressions;
use super::table::{Item, Table, has};

/// Tables that exist from their first item on. Keys are what a request says they are.
#[derive(Debug, Default)]
pub(super) struct Tables {
    tables: BTreeMap<String, Table>,
    page_size: Option<usize>,
}

impl Tables {
    pub(super) fn put(&mut self, table: &str, item: Item) {
        self.tables.entry(table.to_owned()).or_default().put(item);
    }

    pub(super) fn items(&self, table: &str) -> &[Item] {
        self.tables.get(table).map_or(&[], Table::items)
    }

    pub(super) fn clear(&mut self, table: &str) {
        self.tables.remove(table);
    }

    pub(super) fn set_page_size(&mut self, items: usize) {
        self.page_size = Some(items);
    }

    /// The answer to a call, or the error DynamoDB would give.
    pub(super) fn answer(&mut self, operation: &str, request: &Value, unprocessed: bool) -> Result<Value, Value> {
        match operation {
            "BatchGetItem" if unprocessed => {
                Ok(json!({"Responses": {}, "UnprocessedKeys": request.get("RequestItems")}))
            }
            "BatchGetItem" => Ok(self.batch_get(request)),
            "GetItem" => Ok(self.find(table(request), &key(request)).map_or(json!({}), |item| json!({"Item": item}))),
            "Query" => Ok(self.query(request)),
            "UpdateItem" => self.update(request),
            other => Err(error("UnknownOperationException", other)),
        }
    }

    fn batch_get(&self, request: &Value) -> Value {
        let mut responses = Map::new();
        for (table, wanted) in request.get("RequestItems").and_then(Value::as_object).into_iter().flatten() {
            let keys = wanted.get("Keys").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_object);
            let found: Vec<_> = keys.filter_map(|key| self.find(table, key)).collect();
            responses.insert(table.clone(), json!(found));
        }
        json!({"Responses": responses, "UnprocessedKeys": {}})
    }

    /// A query for one partition, in the order of the table, one page at a time.
    fn query(&self, request: &Value) -> Value {
        let expressions = Expressions::of(request);
        let condition = request.get("KeyConditionExpression").and_then(Value::as_str).unwrap_or_default();
        let matching: Vec<&Item> =
            self.items(table(request)).iter().filter(|item| expressions.holds(condition, item)).collect();
        let start = request.get("ExclusiveStartKey").map_or(0, |last| {
            let last = last.as_object().cloned().unwrap_or_default();
            matching.iter().position(|item| has(item, &last)).map_or(0, |position| position + 1)
        });
        let page: Vec<_> = matching.iter().skip(start).take(self.page_size.unwrap_or(usize::MAX)).collect();
        let mut answer = json!({"Items": page, "Count": page.len(), "ScannedCount": page.len()});
        if let (Some(last), Some(members)) = (page.last(), answer.as_object_mut())
            && start + page.len() < matching.len()
        {
            let key: Item = ["scope", "name"]
                .iter()
                .filter_map(|name| last.get(*name).map(|value| ((*name).to_owned(), value.clone())))
                .collect();
            members.insert("LastEvaluatedKey".to_owned(), Value::Object(key));
        }
        answer
    }

    fn update(&mut self, request: &Value) -> Result<Value, Value> {
        let expressions = Expressions::of(request);
        let key = key(request);
        let before = self.find(table(request), &key).cloned();
        let condition = request.get("ConditionExpression").and_then(Value::as_str);
        if condition.is_some_and(|condition| !expressions.holds(condition, &before.clone().unwrap_or_default())) {
            return Err(error("ConditionalCheckFailedException", "The conditional request failed"));
        }
        let mut after = before.clone().unwrap_or_else(|| key.clone());
        expressions.apply(request.get("UpdateExpression").and_then(Value::as_str).unwrap_or_default(), &mut after);
        self.tables.entry(table(request).to_owned()).or_default().replace(&key, after.clone());
        Ok(match request.get("ReturnValues").and_then(Value::as_str) {
            Some("ALL_NEW" | "UPDATED_NEW") => json!({"Attributes": after}),
            _ => json!({}),
        })
    }

    fn find(&self, table: &str, key: &Item) -> Option<&Item> {
        self.tables.get(table)?.find(key)
    }
}

fn table(request: &Value) -> &str {
    request.get("TableName").and_then(Value::as_str).unwrap_or_default()
}

fn key(request: &Value) -> Item {
    request.get("Key").and_then(Value::as_object).cloned().unwrap_or_default()
}

fn error(code: &str, message: &str) -> Value {
    json!({"__type": format!("com.amazonaws.dynamodb.v20120810#{code}"), "message": message})
}
