//! The job's ID token: where it is, and what is plainly no ID token. Nothing of it is believed here.

use std::fmt;
use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use crate::environment::Environment;
use crate::failure::Failure;

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

/// Where the token comes from: a file is read anew at each use.
#[derive(Clone, Debug)]
pub(crate) enum TokenSource {
    /// A file, from `--token-file` or `BREVET_ID_TOKEN_FILE`.
    File(PathBuf),
    /// A variable of the job.
    Variable {
        /// Its name.
        name: &'static str,
        /// What it holds.
        token: IdToken,
    },
}

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

impl TokenSource {
    /// The first that is there: the file of `--token-file` or `BREVET_ID_TOKEN_FILE`, `BREVET_ID_TOKEN`,
    /// `AWS_CONTAINER_AUTHORIZATION_TOKEN`. A token is never an argument: arguments are visible to every process.
    pub(crate) fn find(file: Option<&Path>, environment: &Environment) -> Result<Self, Failure> {
        let file = file.map(Path::to_owned).or_else(|| environment.text("BREVET_ID_TOKEN_FILE").map(PathBuf::from));
        if let Some(path) = file {
            return Ok(Self::File(path));
        }
        let found = ["BREVET_ID_TOKEN", "AWS_CONTAINER_AUTHORIZATION_TOKEN"]
            .into_iter()
            .find_map(|name| environment.text(name).map(|text| (name, text)));
        let Some((name, text)) = found else {
            return Err(Failure::misconfigured(
                "token_missing",
                "there is no ID token in this job",
                "add `id_tokens: {BREVET_ID_TOKEN: {aud: <address of Brevet>}}` to the job",
            ));
        };
        let token = IdToken::parse(text).map_err(|fault| unusable(&format!("`{name}`"), fault))?;
        Ok(Self::Variable { name, token })
    }

    /// The token as it is now.
    pub(crate) fn token(&self) -> Result<IdToken, Failure> {
        match self {
            Self::Variable { token, .. } => Ok(token.clone()),
            Self::File(path) => {
                let text = read(path)?;
                IdToken::parse(&text).map_err(|fault| unusable(&format!("`{}`", path.display()), fault))
            }
        }
    }
}

fn read(path: &Path) -> Result<String, Failure> {
    let mut text = String::new();
    let file = fs::File::open(path).map(|file| file.take(MAX_TOKEN_BYTES + 2));
    file.and_then(|mut file| file.read_to_string(&mut text)).map_err(|fault| {
        let message = format!("the token file `{}` cannot be read: {fault}", path.display());
        Failure::misconfigured("token_missing", message, "name a file that holds the job's ID token and nothing else")
    })?;
    Ok(text)
}

fn unusable(place: &str, fault: TokenFault) -> Failure {
    Failure::misconfigured("token_malformed", format!("what is in {place} {fault}"), fault.remedy())
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

    const TOKEN: &str = "eyJhbGciOiJSUzI1NiJ9.e30.c2ln";

    fn environment(variables: &[(&str, &str)]) -> Environment {
        variables.iter().copied().collect()
    }

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

    #[test]
    fn never_prints_the_token() {
        let source = TokenSource::find(None, &environment(&[("BREVET_ID_TOKEN", TOKEN)])).unwrap();
        assert!(!format!("{source:?}").contains("eyJ"));
        let secret = "not-a-jwt-but-secret";
        let failure = TokenSource::find(None, &environment(&[("BREVET_ID_TOKEN", secret)])).unwrap_err();
        assert!(!format!("{failure:?} {}", failure.in_words()).contains(secret));
    }

    #[test]
    fn says_which_entry_of_the_job_is_missing() {
        let failure = TokenSource::find(None, &environment(&[("BREVET_ID_TOKEN", "")])).unwrap_err();
        assert_eq!((failure.code(), failure.exit_code()), ("token_missing", 78));
    }

    #[test]
    fn prefers_the_file_then_its_own_variable_then_that_of_the_sdks() {
        let both = [("BREVET_ID_TOKEN", TOKEN), ("AWS_CONTAINER_AUTHORIZATION_TOKEN", "a.b.c")];
        let chosen = |source: TokenSource| match source {
            TokenSource::Variable { name, .. } => name.to_owned(),
            TokenSource::File(path) => path.display().to_string(),
        };
        let find = |file: Option<&str>, variables: &[(&str, &str)]| {
            chosen(TokenSource::find(file.map(Path::new), &environment(variables)).unwrap())
        };
        assert_eq!(find(Some("/a"), &[("BREVET_ID_TOKEN_FILE", "/b")]), "/a");
        assert_eq!(find(None, &[("BREVET_ID_TOKEN_FILE", "/b"), ("BREVET_ID_TOKEN", TOKEN)]), "/b");
        assert_eq!(find(None, &both), "BREVET_ID_TOKEN");
        assert_eq!(find(None, &both[1..]), "AWS_CONTAINER_AUTHORIZATION_TOKEN");
    }

    #[test]
    fn reads_a_file_anew_at_each_use_and_trims_it() {
        let path = std::env::temp_dir().join(format!("brevet-token-{}", std::process::id()));
        let source = TokenSource::File(path.clone());
        fs::write(&path, format!("{TOKEN}\n")).unwrap();
        assert_eq!(source.token().unwrap().expose(), TOKEN);
        fs::write(&path, " a.b.c ").unwrap();
        assert_eq!(source.token().unwrap().expose(), "a.b.c");
        fs::remove_file(&path).unwrap();
        assert_eq!(source.token().unwrap_err().code(), "token_missing");
    }
}
