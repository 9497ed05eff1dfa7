use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use aws_lc_rs::rsa::KeySize;

use super::directory::Directory;
use super::key::RsaKey;

const CI_KEY: &str = "ci-signing-key.der";
const SIGN_IN_KEY: &str = "sign-in-key.der";
const ISSUER: &str = "issuer";
const LAST_NUMBER: &str = "last-job";
const DIRECTORY: &str = "directory.json";

/// The folder in which an instance outlives its process. Private keys in it are readable by their owner alone.
#[derive(Clone, Debug)]
pub struct StateDir {
    path: PathBuf,
}

/// What went wrong with which file.
#[derive(Debug, thiserror::Error)]
#[error("`{path}`: {reason}")]
pub struct StateError {
    path: String,
    reason: String,
}

impl StateDir {
    /// Opens the folder, making it if need be.
    pub fn open(path: impl Into<PathBuf>) -> Result<Self, StateError> {
        let path = path.into();
        fs::DirBuilder::new().recursive(true).mode(0o700).create(&path).map_err(|error| failed(&path, error))?;
        Ok(Self { path })
    }

    /// The address the instance was last served at.
    pub fn issuer(&self) -> Result<String, StateError> {
        let known = read(&self.path.join(ISSUER))?.and_then(|bytes| String::from_utf8(bytes).ok());
        Ok(known.unwrap_or_else(|| "http://localhost:8929".to_owned()))
    }

    /// Remembers the address for those who mint tokens later.
    pub fn set_issuer(&self, issuer: &str) -> Result<(), StateError> {
        self.write(ISSUER, issuer.as_bytes())
    }

    /// Projects and users: `directory.json` of this folder if somebody put one there, else the usual ones.
    pub fn directory(&self) -> Result<Directory, StateError> {
        let path = self.path.join(DIRECTORY);
        match read(&path)? {
            Some(bytes) => serde_json::from_slice(&bytes).map_err(|error| failed(&path, error)),
            None => Ok(Directory::default()),
        }
    }

    /// The key for job tokens.
    pub fn ci_key(&self) -> Result<RsaKey, StateError> {
        self.key(CI_KEY, KeySize::Rsa2048)
    }

    /// Puts another key in its place.
    pub fn replace_ci_key(&self, key: &RsaKey) -> Result<(), StateError> {
        self.write(CI_KEY, &key.to_der())
    }

    /// The key for people's sign-in tokens: 4096 bits, as on GitLab.com.
    pub fn sign_in_key(&self) -> Result<RsaKey, StateError> {
        self.key(SIGN_IN_KEY, KeySize::Rsa4096)
    }

    /// A number no token had before.
    pub fn next_number(&self) -> Result<u64, StateError> {
        let _lock = self.lock()?;
        let last = read(&self.path.join(LAST_NUMBER))?.and_then(|bytes| String::from_utf8(bytes).ok());
        let next = last.and_then(|text| text.trim().parse::<u64>().ok()).unwrap_or(0) + 1;
        self.write(LAST_NUMBER, next.to_string().as_bytes())?;
        Ok(next)
    }

    fn key(&self, name: &str, size: KeySize) -> Result<RsaKey, StateError> {
        let _lock = self.lock()?;
        let path = self.path.join(name);
        if let Some(der) = read(&path)? {
            return RsaKey::from_der(&der).ok_or_else(|| failed(&path, "is not an RSA private key"));
        }
        let key = RsaKey::generate(size);
        self.write(name, &key.to_der())?;
        Ok(key)
    }

    /// Held while one process reads and writes, so that `serve` and `token` started together agree on one key.
    fn lock(&self) -> Result<File, StateError> {
        let path = self.path.join("lock");
        let open = || -> io::Result<File> {
            let file = OpenOptions::new().create(true).truncate(false).write(true).mode(0o600).open(&path)?;
            file.lock()?;
            Ok(file)
        };
        open().map_err(|error| failed(&path, error))
    }

    /// Writes beside the file and renames: a reader sees the old content or the new, never half of one.
    fn write(&self, name: &str, content: &[u8]) -> Result<(), StateError> {
        let path = self.path.join(name);
        let draft = self.path.join(format!("{name}.new"));
        let write = || -> io::Result<()> {
            let mut file = OpenOptions::new().create(true).truncate(true).write(true).mode(0o600).open(&draft)?;
            file.write_all(content)?;
            fs::rename(&draft, &path)
        };
        write().map_err(|error| failed(&path, error))
    }
}

fn read(path: &Path) -> Result<Option<Vec<u8>>, StateError> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(failed(path, error)),
    }
}

fn failed(path: &Path, reason: impl ToString) -> StateError {
    StateError { path: path.display().to_string(), reason: reason.to_string() }
}
