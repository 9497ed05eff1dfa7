use std::collections::HashMap;

use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::AttributeValue;
use brevet_mapping_store::{item_from_row, row_from_item};
use brevet_policy::{Row, read};
use serde_json::Value;

/// A row, or an item as DynamoDB's JSON below `Item`: what is written is read back as the same row, a set means the same in
/// any order, and what JSON has no word for leads to no valid row.
pub fn item(data: &[u8]) {
    let Ok(row) = serde_json::from_slice::<Row>(data) else { return };
    let Some(Value::Object(item)) = row.get("Item") else {
        assert_eq!(row_from_item(&item_from_row(&row)), row, "what was written is read as something else");
        return;
    };
    let Some(item) = attributes(item, false) else { return };
    let row = row_from_item(&item);
    assert_eq!(row_from_item(&item_from_row(&row)), row, "a second round changes it");
    assert_eq!(row.len(), item.len(), "an attribute is lost");
    let binary = |value: &AttributeValue| matches!(value, AttributeValue::B(_) | AttributeValue::Bs(_));
    assert!(!item.values().any(binary) || read(&row).invalid().is_some(), "bytes are read as something");
    let Some(Value::Object(again)) = serde_json::from_slice::<Row>(data).ok().and_then(|row| row.get("Item").cloned())
    else {
        return;
    };
    let reversed = attributes(&again, true).map(|item| row_from_item(&item));
    let same = |row: &Row| format!("{:?}", read(row));
    let only_texts = !item
        .values()
        .any(|value| matches!(value, AttributeValue::Ns(_) | AttributeValue::M(_) | AttributeValue::L(_)));
    assert!(!only_texts || reversed.is_none_or(|reversed| same(&reversed) == same(&row)), "the order of a set decides");
}

fn attributes(members: &Row, reversed: bool) -> Option<HashMap<String, AttributeValue>> {
    members.iter().map(|(name, value)| Some((name.clone(), attribute(value, reversed)?))).collect()
}

fn attribute(value: &Value, reversed: bool) -> Option<AttributeValue> {
    let (kind, value) = value.as_object()?.iter().next()?;
    let text = || value.as_str().map(str::to_owned);
    let texts = || {
        let mut texts =
            value.as_array()?.iter().map(|item| item.as_str().map(str::to_owned)).collect::<Option<Vec<_>>>()?;
        if reversed {
            texts.reverse();
        }
        Some(texts)
    };
    Some(match kind.as_str() {
        "S" => AttributeValue::S(text()?),
        "N" => AttributeValue::N(text()?),
        "BOOL" => AttributeValue::Bool(value.as_bool()?),
        "NULL" => AttributeValue::Null(true),
        "SS" => AttributeValue::Ss(texts()?),
        "NS" => AttributeValue::Ns(texts()?),
        "B" => AttributeValue::B(Blob::new(text()?)),
        "BS" => AttributeValue::Bs(texts()?.into_iter().map(Blob::new).collect()),
        "L" => AttributeValue::L(value.as_array()?.iter().map(|item| attribute(item, false)).collect::<Option<_>>()?),
        "M" => AttributeValue::M(attributes(value.as_object()?, false)?),
        _ => return None,
    })
}
