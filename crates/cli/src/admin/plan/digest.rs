use brevet_policy::Row;
use serde_json::Value;

use crate::admin::hex;

/// A row by its SHA-256: a saved plan may lie where people read it who may not read every value of a row.
pub(super) fn of(row: Option<&Row>) -> Option<String> {
    // Members of JSON objects are kept in order here, whatever order they came in.
    Some(hex::of_sha256(Value::Object(row?.clone()).to_string().as_bytes()))
}
