//! What secrets look like when nobody told us their values.
//!
//! GitLab's prefixes: <https://docs.gitlab.com/security/tokens/#token-prefixes>.

use std::sync::LazyLock;

use regex::{Regex, RegexSet};

use super::Finding;

/// Each has the secret in its group `secret`, or is secret as a whole. A name in front of a value stays readable.
const PATTERNS: [&str; 17] = [
    // JSON Web Tokens, signed or encrypted.
    r"eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]*(?:\.[A-Za-z0-9_-]*){1,3}",
    // GitLab: personal, deploy, OAuth, runner, CI job, trigger, feed, incoming mail, agent, SCIM, feature flags, workspace.
    r"(?-u:\b)gl(?:pat|oas|dt|rt|rtr|cbt|ptt|ft|imt|agent|soat|ffct|wt)-[A-Za-z0-9_.=-]{16,}",
    r"(?-u:\b)GR1348941[A-Za-z0-9_-]{16,}",
    // GitHub and npm, whose packages a step may install.
    r"(?-u:\b)(?:gh[pousr]_[A-Za-z0-9]{30,}|github_pat_[A-Za-z0-9_]{30,}|npm_[A-Za-z0-9]{30,})",
    // AWS session tokens begin with one of these in Base64.
    r"(?:IQoJ|FwoG|FQoG)[A-Za-z0-9+/=_%-]{100,}",
    // What `aws ecr get-login-password` prints.
    r"eyJwYXlsb2FkIjoi[A-Za-z0-9+/=_-]{100,}",
    // AWS keys and tokens by the name in front, in any spelling: JSON, ini, shell, YAML.
    r#"(?i)(?:secret_?access_?key|session_?token|security[_-]?token|authorization_?token)\\?["']?\s*[:=]\s*\\?["']?(?P<secret>[A-Za-z0-9+/=_%-]{16,})"#,
    // What Secrets Manager keeps, as its command line prints it.
    r#""SecretString"\s*:\s*"(?P<secret>(?:[^"\\]|\\.)+)"#,
    // The session token of the container contract, and the login of a registry in Docker's settings.
    r#"\\?"(?:Token|auth)\\?"\s*:\s*\\?"(?P<secret>[A-Za-z0-9+/=_.%-]{16,})"#,
    // Presigned URLs.
    r"(?i)X-Amz-(?:Security-Token|Signature)=(?P<secret>[^&\s]{16,})",
    // Private keys; the lines after the first are `PrivateKeyBlock`'s.
    r"-----BEGIN [A-Z0-9 ]*PRIVATE KEY[A-Z ]*-----(?:.*?-----END [A-Z0-9 ]*-----|.*)",
    // Headers, as `curl -v` and debug logs print them.
    r#"(?i)(?-u:\b)authorization\\?["']?\s*[:=]\s*\\?["']?(?P<secret>(?:bearer|basic|token|digest|negotiate|apikey|aws4-hmac-sha256)\s[^"'\\]+)"#,
    r#"(?i)(?-u:\b)authorization\\?["']?\s*:\s*\\?["']?(?P<secret>[^\s"'\\$]{20,})"#,
    r#"(?i)(?-u:\b)(?:private-token|job-token|deploy-token|x-[a-z0-9-]*token|x-api-key|set-cookie|cookie)\\?["']?\s*:\s*\\?["']?(?P<secret>[^\s"'\\][^"'\\]{7,})"#,
    r"(?i)(?-u:\b)bearer\s+(?P<secret>[A-Za-z0-9+/=_.~-]{20,})",
    // The password in a URL.
    r"[a-z][a-z0-9+.-]*://[^/\s:@]*:(?P<secret>[^/\s]+)@",
    // What `env` and `set -x` print of a variable whose name tells.
    r#"(?-u:\b)[A-Z][A-Z0-9_]*(?:TOKEN|SECRET|PASSWORD|PASSWD|PASSPHRASE|PRIVATE_KEY)[A-Z0-9_]*=(?P<secret>'[^']{8,}'?|"[^"$][^"]{7,}"?|[^\s"'$][^\s"']{7,})"#,
];

pub(super) static SHAPES: LazyLock<Shapes> = LazyLock::new(Shapes::new);

/// The patterns, ready for use.
pub(super) struct Shapes {
    /// Tells quickly that a line has nothing, which is true of most.
    any: Option<RegexSet>,
    each: Vec<Regex>,
}

impl Shapes {
    fn new() -> Self {
        Self {
            any: RegexSet::new(PATTERNS).ok(),
            each: PATTERNS.iter().filter_map(|one| Regex::new(one).ok()).collect(),
        }
    }

    pub(super) fn findings(&self, text: &str) -> Vec<Finding> {
        if self.any.as_ref().is_some_and(|any| !any.is_match(text)) {
            return Vec::new();
        }
        let matches = self.each.iter().flat_map(|pattern| pattern.captures_iter(text));
        let found = matches.filter_map(|captures| {
            let whole = captures.get(0)?.range();
            let secret = captures.name("secret").map_or_else(|| whole.clone(), |secret| secret.range());
            Some(Finding { whole, secret })
        });
        found.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pattern_compiles() {
        assert_eq!(SHAPES.each.len(), PATTERNS.len());
        assert!(SHAPES.any.is_some());
    }
}
