use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use crate::gitlab::JobDescription;

/// One attack as a table describes it. Without a change it is the good token of an ordinary job.
///
/// Every text may hold placeholders, `{{issuer}}` or `{{now-13}}` for instance: the module `scene` lists them.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    /// What is tried, unique within its table.
    pub name: String,
    /// The code it must be answered with.
    pub expect: Expect,
    /// Why, where that is not plain.
    #[serde(default)]
    pub why: Option<String>,
    /// The job whose token is the start of it.
    #[serde(default)]
    pub job: JobDescription,
    /// Claims to leave out.
    #[serde(default)]
    pub without: Vec<String>,
    /// Claims to set.
    #[serde(default)]
    pub claims: BTreeMap<String, Value>,
    /// Claims to set to a JSON text: for numbers no JSON library would write, and for times.
    #[serde(default)]
    pub claims_json: BTreeMap<String, String>,
    /// JSON members to put before all claims: `"iss": "x"`.
    #[serde(default)]
    pub first: Option<String>,
    /// JSON members to put behind all claims.
    #[serde(default)]
    pub last: Option<String>,
    /// The whole payload; `{{claims}}` are its members so far.
    #[serde(default)]
    pub payload: Option<String>,
    /// Header members to set; `null` leaves one out.
    #[serde(default)]
    pub header: BTreeMap<String, Value>,
    /// The whole header; `{{header}}` are its members so far.
    #[serde(default)]
    pub header_text: Option<String>,
    /// Who signs.
    #[serde(default)]
    pub signer: SignerSpec,
    /// The token, made of `{{header}}`, `{{payload}}` and `{{signature}}`.
    #[serde(default)]
    pub token: Option<String>,
    /// The values of the `Authorization` headers; `{{token}}` is the token.
    #[serde(default)]
    pub authorization: Option<Vec<String>>,
    /// Right for seconds only: it has to be sent as soon as it is made.
    #[serde(default)]
    pub at_once: bool,
}

/// The code the answer must have: `granted`, or a refusal's.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(from = "RawExpect")]
pub struct Expect {
    /// What the function that hands out credentials must say.
    pub credentials: String,
    /// What the authorizer must write into its log: its answer has no room for a code.
    pub authorizer: String,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum RawExpect {
    Same(String),
    Each { credentials: String, authorizer: String },
}

impl From<RawExpect> for Expect {
    fn from(raw: RawExpect) -> Self {
        match raw {
            RawExpect::Same(code) => Self { credentials: code.clone(), authorizer: code },
            RawExpect::Each { credentials, authorizer } => Self { credentials, authorizer },
        }
    }
}

impl Expect {
    /// Both functions say the same.
    pub fn same(code: &str) -> Self {
        Self { credentials: code.to_owned(), authorizer: code.to_owned() }
    }
}

/// Who signs, and with what.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub enum SignerSpec {
    /// One of the cast's keys under its own algorithm: `ci`, `sign-in`, `stranger`, `other`, `second`, `elliptic`, `edwards`.
    Key(String),
    /// An RSA key of the cast under another RSA algorithm.
    Rsa {
        /// Its name in the cast.
        key: String,
        /// `RS256` to `PS512`.
        algorithm: String,
    },
    /// HMAC under a secret, a public key for instance.
    Hmac {
        /// `HS256`, `HS384` or `HS512`.
        hmac: String,
        /// The secret's bytes.
        secret: String,
    },
    /// Nobody: these bytes stand where the signature should be.
    Nobody {
        /// `alg` of the header.
        algorithm: String,
        /// The bytes.
        signature: String,
    },
}

impl Default for SignerSpec {
    fn default() -> Self {
        Self::Key("ci".to_owned())
    }
}
