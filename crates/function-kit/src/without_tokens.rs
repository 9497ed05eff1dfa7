//! Clients put tokens where they do not belong: into a path, or into their name. What a client says is logged without them.

use std::borrow::Cow;

use serde::Serializer;

/// How tokens begin: `{"` in base64url, as every JWT does, and the job token that GitLab also gives a job.
const BEGINNINGS: [&str; 2] = ["eyJ", "glcbt-"];

/// Serialises what a client said.
pub(crate) fn serialize<S: Serializer>(said: &Option<String>, serializer: S) -> Result<S::Ok, S::Error> {
    match said {
        Some(text) => serializer.serialize_str(&without_tokens(text)),
        None => serializer.serialize_none(),
    }
}

fn without_tokens(text: &str) -> Cow<'_, str> {
    let Some(start) = BEGINNINGS.iter().filter_map(|beginning| text.find(beginning)).min() else { return text.into() };
    let (before, rest) = text.split_at(start);
    let end = rest.find(|character: char| !is_in_tokens(character)).unwrap_or(rest.len());
    let (_, after) = rest.split_at(end);
    format!("{before}[token]{}", without_tokens(after)).into()
}

/// Base64url, its padding, the dots between the parts, and what these become in a path.
fn is_in_tokens(character: char) -> bool {
    character.is_ascii_alphanumeric() || matches!(character, '-' | '_' | '.' | '=' | '%')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_part_of_a_token_is_left() {
        let token = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ4In0.c2ln-bmF0_dXJl";
        for (said, logged) in [
            (format!("GET /reports/{token}/x"), "GET /reports/[token]/x"),
            (format!("curl {token}"), "curl [token]"),
            (format!("Bearer {token}== {token}"), "Bearer [token] [token]"),
            (token.replace('.', "%2E"), "[token]"),
            ("my-tool/1 glcbt-64_abcdef".to_owned(), "my-tool/1 [token]"),
        ] {
            assert_eq!(without_tokens(&said), logged);
        }
    }

    #[test]
    fn what_holds_no_token_stays_as_it_is() {
        for said in ["", "deploy", "aws-cli/2.33.2 md/Botocore#1.43", "GET /reports/é/7", "EyJ"] {
            assert_eq!(without_tokens(said), said);
        }
    }
}
