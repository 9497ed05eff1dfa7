//! What must not get out, and what must stay as it is.

use std::ffi::{OsStr, OsString};

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};

use super::environment::is_secret_name;
use super::*;

const SECRET_KEY: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

/// A token's shape without its being one, put together so that nobody takes this file for a leak.
fn gitlab(prefix: &str) -> String {
    format!("{prefix}-{}", "x1Y2z3A4b5C6d7E8f9G0")
}

fn jwt() -> String {
    let part = |json: &str| URL_SAFE_NO_PAD.encode(json);
    format!(
        "{}.{}.{}",
        part(r#"{"alg":"RS256","kid":"k1"}"#),
        part(r#"{"iss":"https://gitlab.example.com"}"#),
        part("signature")
    )
}

fn session_token() -> String {
    format!("IQoJb3JpZ2luX2VjE{}//////////wEaCWV1LXdlc3QtMSJH=", "Aa0+/".repeat(40))
}

fn redacted(line: &str) -> String {
    Redactor::default().redact(line).as_str().to_owned()
}

#[test]
fn shapes_of_secrets_do_not_get_out() {
    let (jwt, session) = (jwt(), session_token());
    let cases: Vec<(&str, String, &str)> = vec![
        ("an ID token", format!("token is {jwt}."), &jwt),
        ("an ID token in JSON", format!(r#"{{"id_token":"{jwt}"}}"#), &jwt),
        ("an ID token after an underscore", format!("x_{jwt}"), &jwt),
        ("a job token that is a JWT", format!("glcbt-{jwt}"), &jwt),
        ("a secret key of the CLI", format!("  aws_secret_access_key = {SECRET_KEY}"), SECRET_KEY),
        ("a secret key of the SDKs", format!(r#"{{"SecretAccessKey": "{SECRET_KEY}"}}"#), SECRET_KEY),
        ("a secret key of JavaScript", format!("  secretAccessKey: '{SECRET_KEY}',"), SECRET_KEY),
        ("a secret key in escaped JSON", format!(r#""{{\"SecretAccessKey\":\"{SECRET_KEY}\"}}""#), SECRET_KEY),
        ("a secret key of a shell", format!("export AWS_SECRET_ACCESS_KEY='{SECRET_KEY}'"), SECRET_KEY),
        ("a secret key of PowerShell", format!(r#"$env:AWS_SECRET_ACCESS_KEY="{SECRET_KEY}""#), SECRET_KEY),
        ("a session token on its own", session.clone(), &session),
        ("a session token of the CLI", format!("aws_session_token={session}"), &session),
        (
            "a session token of the container contract",
            r#""Token" : "short-but-it-is-one""#.to_owned(),
            "short-but-it-is-one",
        ),
        ("a session token in a header", format!("x-amz-security-token: {session}"), &session),
        (
            "a presigned URL",
            format!("GET https://b.s3.amazonaws.com/k?X-Amz-Security-Token={}&x=1", "A%2F".repeat(9)),
            "A%2FA",
        ),
        ("a presigned URL's signature", format!("https://b/k?X-Amz-Signature={}", "0a".repeat(32)), "0a0a"),
        ("a Secrets Manager value", r#"  "SecretString": "{\"password\":\"hun\\\"ter2\"}","#.to_owned(), "ter2"),
        ("a CodeArtifact token", r#""authorizationToken": "abcdefghijklmnopqrstuvwx""#.to_owned(), "ijklmnop"),
        (
            "a key on one line",
            r#""-----BEGIN RSA PRIVATE KEY-----\nMIIEabc\n-----END RSA PRIVATE KEY-----\n""#.to_owned(),
            "MIIE",
        ),
        ("a header of a bearer", "> Authorization: Bearer 0123456789".to_owned(), "0123456789"),
        ("a header of curl", "authorization: Basic dXNlcjpwdw==".to_owned(), "dXNlcjpwdw"),
        ("a header in JSON", r#"{"Authorization":"Token abc def"}"#.to_owned(), "abc def"),
        ("a header without a scheme", "Authorization: 0123456789abcdefghijklm".to_owned(), "0123456789"),
        ("a signed request", "Authorization: AWS4-HMAC-SHA256 Credential=A/b, Signature=abcdef".to_owned(), "abcdef"),
        ("GitLab's own header", "PRIVATE-TOKEN: 0123456789".to_owned(), "0123456789"),
        ("a vault's header", "X-Vault-Token: s.0123456789".to_owned(), "s.0123456789"),
        ("a cookie", "Set-Cookie: _gitlab_session=0123456789; path=/".to_owned(), "0123456789"),
        ("a Secrets Manager value that is cut", r#""SecretString": "hunter2-and-mo"#.to_owned(), "hunter2"),
        ("a registry's password from ECR", format!("eyJwYXlsb2FkIjoi{}", "aB0/".repeat(50)), "aB0/aB0/"),
        ("a registry's password in Docker's settings", r#""auth": "dXNlcjpodW50ZXIyaHVudGVy""#.to_owned(), "dXNlcj"),
        ("a password with an @ in a URL", "postgres://me:hun@ter2@db.example.com/x".to_owned(), "ter2"),
        ("a password in a URL", "cloning https://gitlab-ci-token:abc@gitlab.example.com/x.git".to_owned(), ":abc@"),
        ("a variable that `env` prints", "DATABASE_PASSWORD=correct-horse".to_owned(), "correct-horse"),
        ("a variable that `set -x` prints", "+ NPM_TOKEN='correct horse'".to_owned(), "horse"),
        ("an npm token", format!("npm_{}", "a1B2".repeat(9)), "a1B2a1B2"),
        ("a GitHub token", format!("ghp_{}", "a1B2".repeat(9)), "a1B2a1B2"),
    ];
    for (name, line, secret) in cases {
        let clean = redacted(&line);
        assert!(!clean.contains(secret), "{name}: {clean}");
        assert!(clean.contains(REPLACEMENT), "{name}: {clean}");
    }
    for prefix in ["glpat", "gloas", "gldt", "glrt", "glcbt", "glptt", "glft", "glimt", "glagent", "glsoat", "glffct"] {
        assert_eq!(redacted(&format!("using {}!", gitlab(prefix))), "using [redacted]!");
    }
}

#[test]
fn what_names_a_secret_stays_readable() {
    assert_eq!(
        redacted(&format!(r#"{{"SecretAccessKey": "{SECRET_KEY}", "x": 1}}"#)),
        r#"{"SecretAccessKey": "[redacted]", "x": 1}"#
    );
    assert_eq!(redacted("https://me:hunter2@example.com/a"), "https://me:[redacted]@example.com/a");
    assert_eq!(redacted("NPM_TOKEN=0123456789 next"), "NPM_TOKEN=[redacted] next");
}

#[test]
fn known_values_do_not_get_out_in_any_usual_encoding() {
    let redactor = Redactor::default();
    redactor.learn([SECRET_KEY, "multi-line-1\n  multi-line-2\nx", r#"quo"ted\value"#]);
    let in_base64 = |before: &str| STANDARD.encode(format!("{before}{SECRET_KEY}:and more"));
    let cases = [
        SECRET_KEY.to_owned(),
        format!("<{SECRET_KEY}{SECRET_KEY}>"),
        "a wJalrXUtnFEMI%2FK7MDENG%2BbPxRfiCYEXAMPLEKEY b".to_owned(),
        "a wJalrXUtnFEMI%2fK7MDENG%2bbPxRfiCYEXAMPLEKEY b".to_owned(),
        "a wJalrXUtnFEMI/K7MDENG%2BbPxRfiCYEXAMPLEKEY b".to_owned(),
        r#"{"key":"wJalrXUtnFEMI\/K7MDENG+bPxRfiCYEXAMPLEKEY"}"#.to_owned(),
        r#"{"key":"wJalrXUtnFEMI/K7MDENG\u002BbPxRfiCYEXAMPLEKEY"}"#.to_owned(),
        in_base64(""),
        in_base64("u"),
        in_base64("us"),
        in_base64("use"),
        URL_SAFE_NO_PAD.encode(SECRET_KEY),
        "- multi-line-2".to_owned(),
        r#"multi-line-1\n  multi-line-2\n"#.to_owned(),
        r#"{"x":"quo\"ted\\value"}"#.to_owned(),
    ];
    for line in cases {
        let clean = redactor.redact(&line).as_str().to_owned();
        assert!(clean.contains(REPLACEMENT), "{line}");
        for piece in ["UtnFEMI", "multi-line", "quo", &STANDARD.encode(SECRET_KEY)[8..24]] {
            assert!(!clean.contains(piece), "{line}: {clean}");
        }
    }
}

#[test]
fn short_values_are_words_and_stay() {
    let redactor = Redactor::default();
    redactor.learn(["", "true", "1234567", "  main \n"]);
    assert_eq!(redactor.redact("main is true 1234567").as_str(), "main is true 1234567");
}

#[test]
fn values_that_overlap_are_redacted_from_first_to_last() {
    let redactor = Redactor::default();
    redactor.learn(["abcdefgh", "efghijkl", "abcdefghijklmnop"]);
    assert_eq!(redactor.redact("-abcdefghijkl-").as_str(), "-[redacted]-");
    assert_eq!(redactor.redact("-abcdefghijklmnop-").as_str(), "-[redacted]-");
    assert_eq!(redactor.redact("abcdefgh efghijkl").as_str(), "[redacted] [redacted]");
}

#[test]
fn a_value_longer_than_any_piece_of_a_line_is_still_known() {
    let redactor = Redactor::default();
    let long: String = (0..4_000).map(|number| format!("{number:04x}")).collect();
    redactor.learn([long.as_str()]);
    assert_eq!(redactor.redact(&format!("<{long}>")).as_str(), "<[redacted]>");
}

#[test]
fn ordinary_output_of_cdk_stays_as_it_is() {
    for line in include_str!("ordinary_output.txt").lines() {
        assert_eq!(redacted(line), line);
    }
}

#[test]
fn names_tell_which_variables_are_secret() {
    let secret = [
        "CI_JOB_TOKEN",
        "AWS_SECRET_ACCESS_KEY",
        "AWS_SESSION_TOKEN",
        "DB_PASSWORD",
        "NPM_CONFIG__AUTH",
        "SIGNING_KEY",
        "dbPassword",
        "--github-token",
        "ApiKey",
        "CI_JOB_JWT_V2_PAT",
        "TF_VAR_client_secret",
        "DEPLOY_KEY_PASSPHRASE",
        "DOCKER_AUTH_CONFIG",
        "MYSQL_PWD",
    ];
    let harmless = [
        "AWS_ACCESS_KEY_ID",
        "CI_COMMIT_SHA",
        "PATH",
        "TOKEN_URL",
        "SECRET_ARN",
        "SECRET_NAME",
        "KEYBOARD",
        "MONKEY",
        "HOME",
        "PWD",
        "OLDPWD",
        "GIT_AUTHOR_NAME",
        "--require-approval",
        "StackName",
        "",
    ];
    for name in secret {
        assert!(is_secret_name(name), "{name}");
    }
    for name in harmless {
        assert!(!is_secret_name(name), "{name}");
    }
}

#[test]
fn the_secret_of_a_variable_of_type_file_is_what_the_file_holds() {
    let path = std::env::temp_dir().join(format!("brevet-file-variable-{}", std::process::id()));
    std::fs::write(&path, "-----BEGIN KEY-----\nAbCdEfGhIjKl\n").unwrap();
    let variables =
        [("DEPLOY_KEY", path.as_os_str()), ("HOME", path.as_os_str()), ("MY_TOKEN", OsStr::new("/no/such/file"))];
    let values = secret_values(variables.map(|(name, value)| (OsStr::new(name), value)));
    std::fs::remove_file(&path).unwrap();
    assert_eq!(values, ["-----BEGIN KEY-----\nAbCdEfGhIjKl\n", "/no/such/file"]);
}

#[test]
fn a_command_line_is_logged_without_its_secrets() {
    let redactor = Redactor::default();
    redactor.learn(["the-known-value"]);
    let pat = gitlab("glpat");
    let cases = [
        ("npx cdk deploy --all -c stage=prod", "npx cdk deploy --all -c stage=prod"),
        ("x --db-password hunter2 y", "x --db-password [redacted] y"),
        ("x --token --verbose y", "x --token --verbose y"),
        ("x --api-key=k", "x --api-key=[redacted]"),
        ("cdk deploy --parameters Stack:DbPassword=pw", "cdk deploy --parameters Stack:DbPassword=[redacted]"),
        ("x the-known-value", "x [redacted]"),
        (&format!("x {pat}"), "x [redacted]"),
        ("x --no-color a=b", "x --no-color a=b"),
    ];
    for (command, logged) in cases {
        let words: Vec<OsString> = command.split(' ').map(OsString::from).collect();
        let clean: Vec<String> =
            redact_command(&redactor, &words).iter().map(|word| word.as_str().to_owned()).collect();
        assert_eq!(clean.join(" "), logged);
    }
}

#[test]
fn terminal_sequences_are_taken_out() {
    let cases = [
        ("\u{1b}[1;32mgreen\u{1b}[0m", "green"),
        ("\u{1b}[2K\u{1b}[1Gline", "line"),
        ("\u{1b}]0;title\u{7}text", "text"),
        ("\u{1b}]8;;https://x\u{1b}\\link\u{1b}]8;;\u{1b}\\", "link"),
        ("\u{1b}(Bx\u{1b}7y\u{1b}=z", "xyz"),
        ("no [32m escape", "no [32m escape"),
        ("cut \u{1b}[3", "cut \u{1b}[3"),
    ];
    for (text, plain) in cases {
        assert_eq!(without_control_sequences(text), plain, "{text:?}");
    }
}
