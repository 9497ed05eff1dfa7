//! Every way from one small table to another, write by write.

use brevet_identity::Principal;
use brevet_policy::{MappingName, Outcome, Reading, decide, read};
use serde_json::Map;

use super::*;
use crate::admin::apply::writes;

const NOW: u64 = 1_795_305_600;

fn job(git_ref: &str) -> Principal {
    let claims = json!({
        "iss": "https://gitlab.example.com", "aud": "x", "jti": "j", "iat": NOW - 60, "exp": NOW + 3_540,
        "project_id": "4711", "project_path": "a/b", "namespace_id": "812", "namespace_path": "a",
        "job_project_id": "4711", "user_id": "1", "user_login": "u", "pipeline_id": "1", "pipeline_source": "push",
        "job_id": "2", "ref": git_ref, "ref_type": "branch", "ref_path": format!("refs/heads/{git_ref}"), "ref_protected": "true",
    });
    Principal::from_unverified_claims(&serde_json::to_vec(&claims).unwrap()).unwrap()
}

/// What a row of this scope may be: nothing, allow rows and deny rows of different width.
fn editions(scope: &str) -> Vec<Option<Row>> {
    let edition = |effect: &str, git_ref: Value| {
        let mut conditions = Map::new();
        conditions.insert("ref_protected".to_owned(), json!("true"));
        if !git_ref.is_null() {
            conditions.insert("ref".to_owned(), git_ref);
        }
        let mut row = json!({"scope": scope, "name": "deploy", "conditions": conditions});
        match effect {
            "deny" => row["effect"] = json!("deny"),
            // A role of its own, so that it shows which row gives it.
            _ => row["role_arn"] = json!(format!("arn:aws:iam::111122223333:role/brevet/{}", scope.replace('/', "-"))),
        }
        row.as_object().cloned()
    };
    let refs = || [json!("main"), json!("release"), json!(null)];
    let rows = ["allow", "deny"].into_iter().flat_map(|effect| refs().map(|git_ref| edition(effect, git_ref)));
    std::iter::once(None).chain(rows).collect()
}

fn tables() -> Vec<Vec<Row>> {
    let (project, group) = (editions("gitlab.example.com/project/4711"), editions("gitlab.example.com/group/a"));
    project.iter().flat_map(|one| group.iter().map(move |two| one.iter().chain(two).cloned().collect())).collect()
}

fn given(jobs: &[Principal], rows: &[Row]) -> Vec<Option<String>> {
    let readings: Vec<Reading> = rows.iter().map(read).collect();
    let name = MappingName::parse("deploy").unwrap();
    let role = |job| match decide(job, &readings, &name, NOW) {
        Outcome::Granted(grant) => Some(grant.terms().role_arn.as_str().to_owned()),
        Outcome::Denied(_) => None,
    };
    jobs.iter().map(role).collect()
}

/// Whether each row that changes does nothing but open, or nothing but close. One that does both leaves some jobs to the
/// next row of the name, which may be on its way elsewhere.
fn opens_or_closes(old: &[Row], new: &[Row]) -> bool {
    let one_way = |before: &Row, after: &Row| {
        let widens = |old, new| brevet_review::compare(Some(old), Some(new)).meaning == Meaning::Widens;
        before.get("effect") == after.get("effect") && !(widens(before, after) && widens(after, before))
    };
    old.iter()
        .all(|before| new.iter().filter(|row| row["scope"] == before["scope"]).all(|after| one_way(before, after)))
}

#[test]
fn lets_nobody_in_at_any_moment_whom_neither_the_old_nor_the_new_table_lets_in() {
    let jobs = ["main", "release", "other"].map(job);
    let (tables, mut looked_at) = (tables(), 0);
    let stamp = Stamp { managed_by: "brevet".to_owned(), updated_by: "arn".to_owned(), change_ref: None };
    for new in &tables {
        let files = files("stages", new);
        for old in &tables {
            let stored: Vec<StoredRow> = old.iter().map(ours).collect();
            let keeping = Keeping { managed_by: "brevet".to_owned(), adopt: false };
            let plan = Plan::make(&files, stored, &keeping, &LintOptions::default(), NOW).unwrap();
            let (before, after) = (given(&jobs, old), given(&jobs, new));
            let exact = opens_or_closes(old, new);
            let mut table: Vec<Row> = old.clone();
            for write in writes(plan.steps, &stamp) {
                table.retain(|stored| stored["scope"] != json!(write.key.scope));
                table.extend(write.new);
                looked_at += 1;
                for ((is, was), becomes) in given(&jobs, &table).iter().zip(&before).zip(&after) {
                    let either = was.is_some() || becomes.is_some();
                    assert!(is.is_none() || either, "{old:?}\n{new:?}\n{table:?}");
                    let known = is.is_none() || is == was || is == becomes;
                    assert!(known || !exact, "another role than before and after: {old:?}\n{new:?}\n{table:?}");
                }
            }
            assert_eq!(given(&jobs, &table), after);
        }
    }
    assert!(looked_at > 3_000, "{looked_at}");
}
