//! The JSON Schema of the files, for editors: made from the lists of attributes and claims that the reading itself uses,
//! so that neither can have what the other does not know.

mod attribute;

#[cfg(test)]
mod tests;

use brevet_identity::{ClaimName, KnownValues};
use brevet_policy::attributes;
use serde_json::{Map, Value, json};

use self::attribute::{described, value};
use super::files::BOOKKEEPING;
use super::trouble::Trouble;
use crate::output;

/// `brevet mappings schema`.
pub(crate) fn run() -> Result<u8, Trouble> {
    output::print(&serde_json::to_string_pretty(&schema()).unwrap_or_default())?;
    Ok(0)
}

fn schema() -> Value {
    let written = attributes().filter(|name| !BOOKKEEPING.contains(name));
    let properties: Map<String, Value> = written.map(|name| (name.to_owned(), described(name, value(name)))).collect();
    json!({
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "Role mappings of Brevet",
        "description": "A row, a list of rows, or a list of rows below `mappings`. See docs/admins.md.",
        // No `anyOf`: editors would say "none of these" where one word is misspelt.
        "if": {"type": "array"},
        "then": {"$ref": "#/definitions/rows"},
        "else": {
            "if": {"required": ["mappings"]},
            "then": {
                "type": "object",
                "properties": {"mappings": {"$ref": "#/definitions/rows"}},
                "additionalProperties": false,
            },
            "else": {"$ref": "#/definitions/row"},
        },
        "definitions": {
            "rows": {"type": "array", "items": {"$ref": "#/definitions/row"}},
            "row": {
                "type": "object",
                "properties": properties,
                "required": ["scope", "name"],
                "additionalProperties": false,
            },
            "conditions": conditions(),
            "pattern": {"type": ["string", "boolean", "number"]},
        },
    })
}

fn conditions() -> Value {
    let claims: Map<String, Value> = ClaimName::all().map(|claim| (claim.to_string(), patterns(claim))).collect();
    json!({"type": "object", "minProperties": 1, "properties": claims, "additionalProperties": false})
}

/// One pattern or several. Where GitLab has a few values only, editors offer them; patterns stay possible.
fn patterns(claim: ClaimName) -> Value {
    let pattern = match claim.known_values() {
        KnownValues::Exactly(known) | KnownValues::SoFar(known) => {
            let words = known.iter().map(|word| match *word {
                "true" => json!(true),
                "false" => json!(false),
                word => json!(word),
            });
            json!({"anyOf": [{"enum": words.collect::<Vec<_>>()}, {"$ref": "#/definitions/pattern"}]})
        }
        KnownValues::Id | KnownValues::Free => json!({"$ref": "#/definitions/pattern"}),
    };
    json!({"anyOf": [pattern, {"type": "array", "items": pattern, "minItems": 1, "uniqueItems": true}]})
}
