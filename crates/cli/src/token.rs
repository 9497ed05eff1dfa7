//! The job's ID token: where it is, and what is plainly no ID token. Nothing of it is believed here.

mod source;

use std::fmt;

pub(crate) use source::TokenSource;

/// Variables whose value may be the token, or name the file it is in.
pub(crate) const TOKEN_VARIABLES: [&str; 3] =
    ["BREVET_ID_TOKEN_FILE", "BREVET_ID_TOKEN", "AWS_CONTAINER_AUTHORIZATION_TOKEN"];

/// How the secret of a loopback endpoint begins, so that it is never taken for an ID token.
pub(crate) const LOOPBACK_SECRET_PREFIX: &str = "brevet-exec-";

/// Brevet reads no longer token.
const MAX_TOKEN_BYTES: u64 = 16 * 1024;

/// A text that may well be the ID token of a job. It cannot be printed.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct IdToken(String);

/// Why a text is not the ID token of a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum TokenFault {
    /// Nothing but white space.
    #[error("is empty")]
    Empty,
    /// `$NAME` or `${NAME}`: nobody has filled it in.
    #[error("is the name of a variable that nobody has filled in")]
    Unexpanded,
    /// `glcbt-`.
    #[error("is a CI_JOB_TOKEN, which nobody but GitLab may see")]
    JobToken,
    /// The secret of `brevet exec`.
    #[error("belongs to `brevet exec`, whose command is not given the ID token")]
    Loopback,
    /// White space inside.
    #[error("has white space or a line break inside")]
    WhiteSpace,
    /// Over 16 KiB.
    #[error("is longer than 16 KiB")]
    TooLong,
    /// Not three parts of base64url.
    #[error("is not a signed JWT")]
    NotAJwt,
}

impl IdToken {
    /// Takes a text that has the shape of a signed JWT, without the white space around it.
    pub(crate) fn parse(text: &str) -> Result<Self, TokenFault> {
        let text = text.trim();
        let fault = match text {
            "" => Some(TokenFault::Empty),
            _ if text.starts_with('$') => Some(TokenFault::Unexpanded),
            _ if text.starts_with("glcbt-") => Some(TokenFault::JobToken),
            _ if text.starts_with(LOOPBACK_SECRET_PREFIX) => Some(TokenFault::Loopback),
            _ if text.len() as u64 > MAX_TOKEN_BYTES => Some(TokenFault::TooLong),
            _ if text.contains(char::is_whitespace) => Some(TokenFault::WhiteSpace),
            _ if !has_the_shape_of_a_jwt(text) => Some(TokenFault::NotAJwt),
            _ => None,
        };
        fault.map_or_else(|| Ok(Self(text.to_owned())), Err)
    }

    /// The token itself, for `Authorization`. Never for a log.
    pub(crate) fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for IdToken {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("IdToken(redacted)")
    }
}

impl TokenFault {
    /// How to put it right.
    pub(crate) fn remedy(self) -> &'static str {
        match self {
            Self::Empty => "remove the variable, or let an entry of the job's `id_tokens` set it",
            Self::Unexpanded => "name the variable in `id_tokens` itself: `variables:` cannot copy an ID token",
            Self::JobToken => {
                "use a token of the job's `id_tokens` instead; CI_JOB_TOKEN is a credential for GitLab alone"
            }
            Self::Loopback => {
                "use the AWS credentials that are served there, or run this `brevet` outside of `brevet exec`"
            }
            Self::WhiteSpace | Self::TooLong | Self::NotAJwt => {
                "use the variable that the job's `id_tokens` sets, as it is"
            }
        }
    }
}

/// Three parts of base64url (RFC 7515, section 3.1).
fn has_the_shape_of_a_jwt(text: &str) -> bool {
    let base64url = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    let parts: Vec<&str> = text.split('.').collect();
    parts.len() == 3 && parts.iter().all(|part| !part.is_empty() && part.bytes().all(base64url))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_what_is_plainly_no_id_token() {
        let long = format!("{}.e30.c2ln", "e30A".repeat(5_000));
        let cases = [
            (" \n", TokenFault::Empty),
            ("$BREVET_ID_TOKEN", TokenFault::Unexpanded),
            ("${AWS_CONTAINER_AUTHORIZATION_TOKEN}", TokenFault::Unexpanded),
            ("glcbt-64_eyJhbGciOiJSUzI1NiJ9.e30.c2ln", TokenFault::JobToken),
            ("brevet-exec-0123456789", TokenFault::Loopback),
            ("eyJhbGciOiJSUzI1NiJ9.\ne30.c2ln", TokenFault::WhiteSpace),
            ("Bearer eyJhbGciOiJSUzI1NiJ9.e30.c2ln", TokenFault::WhiteSpace),
            (&long, TokenFault::TooLong),
            ("glpat-0123456789", TokenFault::NotAJwt),
            ("a.b", TokenFault::NotAJwt),
            ("a..c", TokenFault::NotAJwt),
            ("a.b.c.d", TokenFault::NotAJwt),
            ("a.b=.c", TokenFault::NotAJwt),
        ];
        for (text, fault) in cases {
            assert_eq!(IdToken::parse(text), Err(fault), "{text}");
        }
    }
}
