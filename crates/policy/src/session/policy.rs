//! Session policies as documents: their form and their size.

use serde_json::Value;

use super::unique::UniqueMembers;

/// The most characters STS takes for the inline policy, minified, and the ARNs of the managed ones together.
pub(crate) const MAX_POLICY_CHARACTERS: usize = 2_048;

/// Reads a policy from an object, or from a string that holds one.
pub(crate) fn policy_document(value: &Value) -> Result<Value, String> {
    let document = match value {
        Value::String(text) => {
            let document: Result<UniqueMembers, _> = serde_json::from_str(text);
            document.map_err(|_| "is not JSON, or has a member twice".to_owned())?.0
        }
        other => other.clone(),
    };
    let Some(members) = document.as_object() else { return Err("must be a policy: a JSON object".to_owned()) };
    if let Some(unknown) = members.keys().find(|name| !["Version", "Id", "Statement"].contains(&name.as_str())) {
        return Err(format!("has `{unknown}`, which is not a member of a policy"));
    }
    if members.get("Version").is_some_and(|version| version != "2012-10-17" && version != "2008-10-17") {
        return Err("must have \"2012-10-17\" as its `Version`".to_owned());
    }
    if statements(&document).is_none_or(|statements| statements.is_empty() || !statements.iter().all(Value::is_object))
    {
        return Err("must have a `Statement`: an object or a list of objects".to_owned());
    }
    let sendable = |character: char| matches!(character, '\u{20}'..='\u{ff}' | '\t' | '\n' | '\r');
    if !document.to_string().chars().all(sendable) {
        return Err("has characters that STS does not take (U+0020 to U+00FF)".to_owned());
    }
    Ok(document)
}

/// How many of the characters STS allows are used.
pub(crate) fn policy_characters(inline: Option<&str>, policy_arns: &[String]) -> usize {
    let inline = inline.map_or(0, |inline| inline.chars().count());
    inline + policy_arns.iter().map(|arn| arn.chars().count()).sum::<usize>()
}

/// The statements of a document, whether listed or a single one.
pub(super) fn statements(document: &Value) -> Option<&[Value]> {
    let statement = document.get("Statement")?;
    Some(statement.as_array().map_or(std::slice::from_ref(statement), Vec::as_slice))
}
