//! A token as it arrives: text in a header, nothing of it true yet.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize as _;

use crate::json::read_object;
use crate::rejection::Rejection;

/// Longer tokens are refused unread. API Gateway passes 10,240 bytes of headers at most.
const MAX_TOKEN_BYTES: usize = 16 * 1024;

/// GitLab's `CI_JOB_TOKEN` is a JWT behind this prefix: a live GitLab credential that nobody else can verify.
const JOB_TOKEN_PREFIX: &str = "glcbt-";

/// The bearer token of a request. It cannot be printed.
#[derive(Clone, PartialEq, Eq)]
pub struct BearerToken(String);

impl BearerToken {
    /// Takes the token out of the values of the request's `Authorization` headers, of which there must be exactly one.
    ///
    /// SDKs send the token as it is; people write `Bearer` before it, in any case. HTTP APIs join repeated headers by
    /// commas, which no token has.
    pub fn from_authorization<'a>(values: impl IntoIterator<Item = &'a str>) -> Result<Self, Rejection> {
        let mut values = values.into_iter().flat_map(|value| value.split(','));
        let value = values.next().ok_or(Rejection::Missing)?;
        if values.next().is_some() {
            return Err(Rejection::Malformed("there is more than one `Authorization` header"));
        }
        let value = value.trim_matches([' ', '\t']);
        let token = match value.split_once([' ', '\t']) {
            Some((scheme, rest)) if scheme.eq_ignore_ascii_case("bearer") => rest.trim_start_matches([' ', '\t']),
            Some(_) => {
                return Err(Rejection::Malformed("`Authorization` is neither a bare token nor `Bearer` and a token"));
            }
            None if value.eq_ignore_ascii_case("bearer") => "",
            None => value,
        };
        if token.is_empty() { Err(Rejection::Missing) } else { Ok(Self(token.to_owned())) }
    }

    /// The token itself, for the verifier and for STS. Never for a log.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for BearerToken {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("BearerToken(redacted)")
    }
}

/// The parts of a compact JWS (RFC 7515, section 3.1) with its header read and its payload still sealed.
pub(crate) struct UnverifiedToken<'a> {
    pub(crate) header: Header,
    pub(crate) signed: &'a str,
    pub(crate) signature: &'a str,
    pub(crate) unverified_payload: Vec<u8>,
}

/// The members of the header that decide anything. `jwk`, `jku`, `x5u` and `x5c` are not among them on purpose.
#[derive(serde::Deserialize)]
pub(crate) struct Header {
    pub(crate) alg: String,
    pub(crate) kid: Option<String>,
    #[serde(default, deserialize_with = "is_present")]
    crit: bool,
}

fn is_present<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    serde::de::IgnoredAny::deserialize(deserializer).map(|_| true)
}

impl<'a> UnverifiedToken<'a> {
    pub(crate) fn parse(token: &'a BearerToken) -> Result<Self, Rejection> {
        let text = token.0.as_str();
        if text.starts_with(JOB_TOKEN_PREFIX) {
            let advice = "this is `CI_JOB_TOKEN`; declare `id_tokens` in the job and send that variable instead";
            return Err(Rejection::NotAJobToken(advice.to_owned()));
        }
        if text.len() > MAX_TOKEN_BYTES {
            return Err(Rejection::Malformed("it is longer than 16 KiB"));
        }
        let (signed, signature) = text.rsplit_once('.').ok_or(Rejection::Malformed("it does not have three parts"))?;
        let (header, payload) = signed.split_once('.').ok_or(Rejection::Malformed("it does not have three parts"))?;
        if payload.contains('.') || [header, payload, signature].iter().any(|part| part.is_empty()) {
            return Err(Rejection::Malformed("it does not have three parts"));
        }
        let decode =
            |part: &str| URL_SAFE_NO_PAD.decode(part).map_err(|_| Rejection::Malformed("a part is not base64url"));
        let header: Header = read_object(&decode(header)?)
            .ok_or(Rejection::Malformed("its header is not a JSON object with `alg` and `kid`"))?;
        if header.crit {
            return Err(Rejection::Malformed("its header has `crit`, which no GitLab token has"));
        }
        decode(signature)?;
        Ok(Self { header, signed, signature, unverified_payload: decode(payload)? })
    }

    /// The issuer the token *claims*: good for nothing but finding a row of the table of trusted issuers.
    pub(crate) fn unverified_issuer(&self) -> Result<String, Rejection> {
        #[derive(serde::Deserialize)]
        struct IssuerOnly {
            iss: String,
        }
        read_object::<IssuerOnly>(&self.unverified_payload)
            .map(|payload| payload.iss)
            .ok_or(Rejection::Malformed("its payload is not a JSON object with a string `iss`"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token(text: &str) -> BearerToken {
        BearerToken(text.to_owned())
    }

    fn encode(json: &str) -> String {
        URL_SAFE_NO_PAD.encode(json)
    }

    #[test]
    fn finds_no_token_where_there_is_none() {
        for values in [&[][..], &[""], &["  "], &["Bearer"], &["bearer "], &["\t"]] {
            assert_eq!(BearerToken::from_authorization(values.iter().copied()), Err(Rejection::Missing), "{values:?}");
        }
    }

    #[test]
    fn refuses_two_headers_and_other_schemes() {
        for values in [
            &["a.b.c", "a.b.c"][..],
            &["Bearer a.b.c,Bearer a.b.c"],
            &["a.b.c, "],
            &["Basic abc"],
            &["AWS4-HMAC-SHA256 Credential=x, Signature=y"],
        ] {
            let refused = BearerToken::from_authorization(values.iter().copied());
            assert!(matches!(refused, Err(Rejection::Malformed(_))), "{values:?}");
        }
    }

    #[test]
    fn takes_the_token_with_and_without_a_scheme_in_any_case() {
        for value in ["a.b.c", "Bearer a.b.c", "bearer a.b.c", "BEARER   a.b.c", " a.b.c "] {
            assert_eq!(BearerToken::from_authorization([value]).unwrap().expose(), "a.b.c", "{value:?}");
        }
    }

    #[test]
    fn is_never_printed() {
        assert_eq!(format!("{:?}", token("eyJ.secret.part")), "BearerToken(redacted)");
    }

    #[test]
    fn refuses_what_is_not_a_compact_jws() {
        let header = encode(r#"{"alg":"RS256","kid":"k"}"#);
        let cases = [
            ("no dots", "abc".to_owned()),
            ("two parts", format!("{header}.e30")),
            ("four parts", format!("{header}.e30.c2ln.c2ln")),
            ("empty header", ".e30.c2ln".to_owned()),
            ("empty payload", format!("{header}..c2ln")),
            ("empty signature", format!("{header}.e30.")),
            ("padding", format!("{header}=.e30.c2ln")),
            ("standard alphabet", format!("{header}.e30.c2+n")),
            ("trailing bits", format!("{header}.e31.c2ln")),
            ("space inside", format!("{header}.e3 0.c2ln")),
            ("header not JSON", format!("{}.e30.c2ln", encode("alg"))),
            ("header an array", format!("{}.e30.c2ln", encode("[]"))),
            ("header an array of its members", format!("{}.e30.c2ln", encode(r#"["RS256","k"]"#))),
            (
                "header with bytes that are no text",
                format!("{}.e30.c2ln", URL_SAFE_NO_PAD.encode(b"{\"alg\":\"RS256\",\"kid\":\"k\",\"x\":\"\xff\"}")),
            ),
            ("no alg", format!("{}.e30.c2ln", encode(r#"{"kid":"k"}"#))),
            ("alg twice", format!("{}.e30.c2ln", encode(r#"{"alg":"RS256","alg":"none","kid":"k"}"#))),
            ("crit", format!("{}.e30.c2ln", encode(r#"{"alg":"RS256","kid":"k","crit":["b64"]}"#))),
            ("crit null", format!("{}.e30.c2ln", encode(r#"{"alg":"RS256","kid":"k","crit":null}"#))),
            ("byte order mark", format!("{}.e30.c2ln", encode("\u{feff}{\"alg\":\"RS256\",\"kid\":\"k\"}"))),
            ("too long", format!("{header}.{}.c2ln", "e30A".repeat(5_000))),
        ];
        for (name, text) in cases {
            assert!(matches!(UnverifiedToken::parse(&token(&text)), Err(Rejection::Malformed(_))), "{name}");
        }
    }

    #[test]
    fn says_of_a_critical_header_what_is_wrong_with_it() {
        for crit in [r#"["b64"]"#, "[]", "null", "false"] {
            let header = encode(&format!(r#"{{"alg":"RS256","kid":"k","crit":{crit}}}"#));
            let refused = UnverifiedToken::parse(&token(&format!("{header}.e30.c2ln"))).err();
            assert_eq!(
                refused,
                Some(Rejection::Malformed("its header has `crit`, which no GitLab token has")),
                "{crit}"
            );
        }
    }

    #[test]
    fn takes_a_token_of_16_kib_and_not_a_byte_more() {
        let header = encode(r#"{"alg":"RS256","kid":"key1"}"#);
        let of_length = |length: usize| format!("{header}.{}.c2ln", "A".repeat(length - header.len() - 6));
        assert!(UnverifiedToken::parse(&token(&of_length(MAX_TOKEN_BYTES))).is_ok());
        let refused = UnverifiedToken::parse(&token(&of_length(MAX_TOKEN_BYTES + 1))).err();
        assert_eq!(refused, Some(Rejection::Malformed("it is longer than 16 KiB")));
    }

    #[test]
    fn knows_a_ci_job_token_by_its_prefix() {
        let refused = UnverifiedToken::parse(&token("glcbt-eyJhbGciOiJSUzI1NiJ9.e30.c2ln")).err().unwrap();
        assert_eq!(refused.code(), "not_a_job_token");
    }

    #[test]
    fn refuses_an_issuer_that_is_missing_twice_there_or_not_a_string() {
        let header = encode(r#"{"alg":"RS256","kid":"k"}"#);
        let array = r#"["https://a"]"#;
        for payload in
            ["{}", r#"{"iss":null}"#, r#"{"iss":["https://a"]}"#, r#"{"iss":"a","iss":"b"}"#, "[]", array, "null"]
        {
            let text = token(&format!("{header}.{}.c2ln", encode(payload)));
            let parsed = UnverifiedToken::parse(&text).unwrap();
            assert!(matches!(parsed.unverified_issuer(), Err(Rejection::Malformed(_))), "{payload}");
        }
    }
}
