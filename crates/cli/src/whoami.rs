//! `brevet whoami`: this job's identity as a protected API receives it.

use serde_json::{Map, Value};

use crate::brevet::Brevet;
use crate::failure::Failure;
use crate::output;

/// Prints the verified claims.
pub(crate) async fn run(brevet: &Brevet, json: bool) -> Result<u8, Failure> {
    let claims = brevet.tell("/whoami").await?;
    output::print(&if json { Value::Object(claims).to_string() } else { table(&claims) })?;
    Ok(0)
}

fn table(claims: &Map<String, Value>) -> String {
    let width = claims.keys().map(String::len).max().unwrap_or_default();
    let line = |(name, value): (&String, &Value)| {
        let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        format!("{name:width$}  {}", value.escape_debug())
    };
    claims.iter().map(line).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn shows_a_claim_a_line_and_nothing_that_could_steer_a_terminal() {
        let claims = json!({"ref": "main\n\u{1b}[2J", "project_id": "4711"});
        assert_eq!(table(claims.as_object().unwrap()), "project_id  4711\nref         main\\n\\u{1b}[2J");
    }
}
