use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use super::{IdToken, MAX_TOKEN_BYTES, TokenFault};
use crate::environment::Environment;
use crate::failure::Failure;

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

#[cfg(test)]
mod tests {
    use super::*;

    const TOKEN: &str = "eyJhbGciOiJSUzI1NiJ9.e30.c2ln";

    fn environment(variables: &[(&str, &str)]) -> Environment {
        variables.iter().copied().collect()
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
