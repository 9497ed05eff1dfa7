use std::collections::HashMap;

use serde_json::{Map, Value};

pub(super) type Item = Map<String, Value>;

/// Items in the order in which they came. One with a `scope` and a `name` is found at once, however many there are.
#[derive(Debug, Default)]
pub(super) struct Table {
    items: Vec<Item>,
    places: HashMap<(String, String), usize>,
}

impl Table {
    pub(super) fn put(&mut self, item: Item) {
        if let Some(key) = scope_and_name(&item) {
            self.places.entry(key).or_insert(self.items.len());
        }
        self.items.push(item);
    }

    pub(super) fn items(&self) -> &[Item] {
        &self.items
    }

    pub(super) fn find(&self, key: &Item) -> Option<&Item> {
        match scope_and_name(key) {
            Some(scope_and_name) => self.items.get(*self.places.get(&scope_and_name)?),
            None => self.items.iter().find(|item| has(item, key)),
        }
    }

    /// Puts an item in place of what had its key.
    pub(super) fn replace(&mut self, key: &Item, item: Item) {
        let others = std::mem::take(self).items;
        others.into_iter().filter(|other| !has(other, key)).chain([item]).for_each(|item| self.put(item));
    }
}

/// Whether the item has all of these attributes.
pub(super) fn has(item: &Item, key: &Item) -> bool {
    key.iter().all(|(name, value)| item.get(name) == Some(value))
}

fn scope_and_name(item: &Item) -> Option<(String, String)> {
    let text = |name: &str| Some(item.get(name)?.get("S")?.as_str()?.to_owned());
    Some((text("scope")?, text("name")?))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn item(literal: Value) -> Item {
        serde_json::from_value(literal).unwrap()
    }

    #[test]
    fn finds_rows_by_scope_and_name_and_other_items_by_whatever_key_is_given() {
        let row = |name: &str, version: &str| {
            item(json!({"scope": {"S": "a"}, "name": {"S": name}, "version": {"S": version}}))
        };
        let key = |name: &str| item(json!({"scope": {"S": "a"}, "name": {"S": name}}));
        let mut table = Table::default();
        [row("one", "1"), row("two", "1"), item(json!({"jti": {"S": "t"}, "uses": {"N": "1"}}))]
            .into_iter()
            .for_each(|item| table.put(item));
        assert_eq!(table.find(&key("two")), Some(&row("two", "1")));
        assert_eq!(table.find(&key("three")), None);
        assert_eq!(table.find(&item(json!({"jti": {"S": "t"}}))), Some(&table.items()[2]));
        table.replace(&key("one"), row("one", "2"));
        assert_eq!((table.items().len(), table.find(&key("one"))), (3, Some(&row("one", "2"))));
        assert_eq!(table.find(&key("two")), Some(&row("two", "1")), "its place is another now");
    }
}
