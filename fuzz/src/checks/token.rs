use std::sync::OnceLock;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use brevet_identity::BearerToken;
use serde_json::json;

use crate::world::{NOW, PLACEHOLDER, bytes, claims, sign, verifier, wait};

/// The values of `Authorization` headers, one a line: whatever is verified is, byte for byte, a token that was signed, and
/// its job is the one it was signed for.
///
/// `{{token}}` stands for a signed token and `{{other}}` for another. A value that begins with `{` is a token in parts:
/// header, payload and signature, separated by tabs. Each of them is text that is not encoded yet, or `=1` or `=2` for
/// the part of one of the signed tokens.
pub fn token(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let [(first, _), (second, _)] = signed();
    let values: Vec<String> = text
        .split('\n')
        .map(|line| if line.starts_with('{') && line.contains('\t') { assembled(line) } else { line.to_owned() })
        .map(|line| line.replace(PLACEHOLDER, first).replace("{{other}}", second))
        .collect();
    let Ok(token) = BearerToken::from_authorization(values.iter().map(String::as_str)) else { return };
    let Ok(verified) = wait(verifier().verify(&token, NOW)) else { return };
    let found = signed().iter().find(|(signed, _)| signed == token.expose());
    let (_, job_id) = found.unwrap_or_else(|| panic!("nobody signed `{}`", token.expose()));
    assert_eq!(verified.principal().job_id().to_string(), *job_id, "the token of another job");
}

/// Two tokens, each with the id of its job.
fn signed() -> &'static [(String, &'static str); 2] {
    static SIGNED: OnceLock<[(String, &'static str); 2]> = OnceLock::new();
    SIGNED.get_or_init(|| {
        ["5550142", "5550143"].map(|job_id| {
            let mut claims = claims();
            claims.insert("job_id".to_owned(), json!(job_id));
            (sign(&bytes(&claims)), job_id)
        })
    })
}

fn assembled(line: &str) -> String {
    let parts = line.split('\t').enumerate().map(|(index, part)| {
        let of = |which: usize| signed()[which].0.split('.').nth(index).unwrap_or_default().to_owned();
        match part {
            "=1" => of(0),
            "=2" => of(1),
            plain => URL_SAFE_NO_PAD.encode(plain),
        }
    });
    parts.collect::<Vec<_>>().join(".")
}
