//! The local GitLab is as good as its likeness to the real one.

use std::collections::BTreeSet;

use brevet_identity::{CLAIMS, ClaimKind};
use brevet_tests::gitlab::{Instance, JobDescription, JobToken, RsaKey, Signer as _, StateDir};
use serde_json::{Map, Value, json};

fn gitlab() -> Instance {
    Instance::in_memory("https://gitlab.example.com")
}

fn claims(job: &JobDescription) -> Map<String, Value> {
    gitlab().job_token(job).expect("the job exists").claims().clone()
}

fn default_job() -> JobDescription {
    JobDescription::default()
}

#[test]
fn knows_no_job_of_a_project_user_or_source_it_does_not_have() {
    let cases = [
        ("project", JobDescription { project: Some("nordwind/nothing".to_owned()), ..default_job() }),
        ("project id", JobDescription { project_id: Some(1), ..default_job() }),
        ("user", JobDescription { user: "nobody".to_owned(), ..default_job() }),
        ("source", JobDescription { source: "wish".to_owned(), ..default_job() }),
        ("fork", JobDescription { project: Some("kdebeer/payments-api".to_owned()), fork: true, ..default_job() }),
    ];
    for (case, job) in cases {
        assert!(gitlab().job_token(&job).is_err(), "{case}");
    }
}

#[test]
fn lists_the_projects_there_are_when_asked_for_another() {
    let job = JobDescription { project: Some("nordwind/nothing".to_owned()), ..default_job() };
    let error = gitlab().job_token(&job).expect_err("there is no such project").to_string();
    assert!(error.contains("nordwind/nothing") && error.contains("nordwind/platform/web (4712)"), "{error}");
}

#[test]
fn protects_only_what_the_project_protects() {
    let cases = [
        ("protected branch", JobDescription::default(), "true"),
        ("other branch", JobDescription { git_ref: "feature/x".to_owned(), ..default_job() }, "false"),
        ("protected tag", JobDescription { git_ref: "v1.0".to_owned(), tag: true, ..default_job() }, "true"),
        ("tag named like the branch", JobDescription { tag: true, ..default_job() }, "false"),
        ("branch named like a tag", JobDescription { git_ref: "v1.0".to_owned(), ..default_job() }, "false"),
        ("protection taken away", JobDescription { unprotected: true, ..default_job() }, "false"),
        ("merge request", JobDescription { source: "merge_request_event".to_owned(), ..default_job() }, "false"),
        ("fork", JobDescription { fork: true, ..default_job() }, "false"),
    ];
    for (case, job, expected) in cases {
        assert_eq!(claims(&job)["ref_protected"], expected, "{case}");
    }
}

#[test]
fn names_the_fork_in_a_merge_request_run_by_the_parent() {
    let claims = claims(&JobDescription { fork: true, ..default_job() });
    assert_eq!((&claims["project_id"], &claims["job_project_id"]), (&json!("9902"), &json!("4711")));
    assert_eq!(claims["sub"], "project_path:kdebeer/payments-api:ref_type:branch:ref:main");
    assert_eq!(claims["pipeline_source"], "merge_request_event");
    assert_eq!(claims["user_access_level"], Value::Null);
    let config = claims["ci_config_ref_uri"].as_str().expect("the configuration has an address");
    assert_eq!(config, "gitlab.example.com/nordwind/platform/payments-api//.gitlab-ci.yml@refs/heads/main");
}

#[test]
fn keeps_the_fork_in_a_child_pipeline_that_no_longer_says_merge_request() {
    let claims = claims(&JobDescription { fork: true, source: "parent_pipeline".to_owned(), ..default_job() });
    assert_eq!((&claims["project_id"], &claims["pipeline_source"]), (&json!("9902"), &json!("parent_pipeline")));
}

#[test]
fn leaves_out_what_does_not_apply() {
    let claims = claims(&default_job());
    for absent in ["environment", "environment_protected", "deployment_tier", "groups_direct", "job_config"] {
        assert!(!claims.contains_key(absent), "{absent}");
    }
}

#[test]
fn has_no_user_as_gitlab_has_none() {
    let claims = claims(&JobDescription { user: String::new(), ..default_job() });
    assert_eq!((&claims["user_id"], &claims["user_login"]), (&json!(""), &Value::Null));
}

#[test]
fn writes_one_audience_as_text_and_several_as_a_list() {
    let with = |audience: &[&str]| {
        let audience = audience.iter().map(|text| (*text).to_owned()).collect();
        claims(&JobDescription { audience, ..default_job() })["aud"].clone()
    };
    assert_eq!(with(&[]), "https://brevet.local");
    assert_eq!(with(&["https://a.example"]), "https://a.example");
    assert_eq!(with(&["https://a.example", "https://b.example"]), json!(["https://a.example", "https://b.example"]));
}

/// A claim that GitLab adds has to be added in both places; nobody else would notice one that is missing here.
#[test]
fn can_show_every_claim_of_the_claim_table_in_its_type() {
    let everything = JobDescription {
        fork: true,
        policy_job: true,
        environment: Some("production".to_owned()),
        user: "jokafor".to_owned(),
        ..default_job()
    };
    let shown = claims(&everything);
    for claim in CLAIMS.iter().filter(|claim| claim.name != "target_audience") {
        let value = shown.get(claim.name).unwrap_or_else(|| panic!("`{}` is never shown", claim.name));
        let fits = match claim.kind {
            ClaimKind::Text => value.is_string() || value.is_null(),
            ClaimKind::Number | ClaimKind::Time => value.is_number(),
            ClaimKind::Audience => value.is_string() || value.is_array(),
            ClaimKind::Structured => value.is_array() || value.is_object(),
        };
        assert!(fits, "`{}` is {value}", claim.name);
    }
    let known: BTreeSet<&str> = CLAIMS.iter().map(|claim| claim.name).collect();
    let unknown: Vec<_> = shown.keys().filter(|name| !known.contains(name.as_str())).collect();
    assert_eq!(unknown, Vec::<&String>::new());
}

#[test]
fn never_gives_two_jobs_one_number_or_two_tokens_one_id() {
    let gitlab = gitlab();
    let token = || gitlab.job_token(&default_job()).expect("the job exists").claims().clone();
    let (first, second) = (token(), token());
    for name in ["job_id", "pipeline_id", "jti"] {
        assert_ne!(first[name], second[name], "{name}");
    }
}

#[test]
fn publishes_keys_with_six_members_and_the_sign_in_key_first() {
    let gitlab = gitlab();
    let key_set = gitlab.key_set();
    let keys = key_set["keys"].as_array().expect("a list of keys");
    for key in keys {
        let members: Vec<_> = key.as_object().expect("a key is an object").keys().map(String::as_str).collect();
        assert_eq!(members, ["alg", "e", "kid", "kty", "n", "use"]);
    }
    assert_eq!(keys[0]["kid"], gitlab.sign_in_key().key_id());
    assert_eq!(keys[1]["kid"], gitlab.key_id());
}

#[test]
fn reads_back_the_key_it_wrote() {
    let gitlab = gitlab();
    let again = RsaKey::from_der(&gitlab.ci_key().to_der()).expect("the key can be read back");
    assert_eq!(again.key_id(), gitlab.key_id());
}

#[test]
fn forgets_the_old_key_when_it_rotates() {
    let gitlab = gitlab();
    let old = gitlab.key_id();
    let new = gitlab.rotate().expect("memory can be written");
    let published = gitlab.key_set().to_string();
    assert!(published.contains(&new) && !published.contains(&old));
}

#[test]
fn keeps_its_keys_counters_and_address_in_a_folder_of_its_own() {
    let folder = std::env::temp_dir().join(format!("brevet-state-{}", std::process::id()));
    let open = || StateDir::open(&folder).expect("the folder can be used");
    open().set_issuer("http://localhost:1").expect("the folder can be written");
    let first = Instance::open(open()).expect("the state can be read");
    let second = Instance::open(open()).expect("the state can be read");
    let number =
        |gitlab: &Instance| gitlab.job_token(&default_job()).expect("the job exists").claims()["job_id"].clone();

    assert_eq!((second.issuer(), second.key_id()), ("http://localhost:1", first.key_id()));
    assert_ne!(number(&first), number(&second));
    for file in std::fs::read_dir(&folder).expect("the folder can be read") {
        let mode =
            std::os::unix::fs::PermissionsExt::mode(&file.expect("a file").metadata().expect("a mode").permissions());
        assert_eq!(mode & 0o077, 0, "nobody else may read the private keys");
    }
    std::fs::remove_dir_all(folder).expect("the folder can be removed");
}

#[test]
fn signs_exactly_the_bytes_a_test_asks_for() {
    let gitlab = gitlab();
    let token = JobToken::new(Map::new()).raw_payload(r#"{"exp":1,"exp":2}"#).header("alg", "RS512");
    let compact = gitlab.sign(&token);
    let parts: Vec<_> = compact.split('.').collect();
    assert_eq!(parts.len(), 3);
    assert_eq!(parts[1], "eyJleHAiOjEsImV4cCI6Mn0");
}
