use serde_json::json;

use super::probe::probe;
use super::subject::{Subject, allows, is_ok};
use crate::chart::Chart;

const GROUPS: [usize; 7] = [1, 2, 5, 10, 15, 20, 38];

/// How deep in groups the project is, with a row in each.
pub(super) async fn chart(subject: &Subject) -> anyhow::Result<Chart> {
    let explained = "Expected: linear, ten or twenty microseconds for each group more, as each is two keys more of the \
                     one request to DynamoDB, and a row more to hold against the job. GitLab nests groups 20 deep; \
                     Brevet reads 40.";
    let mut chart = Chart::new(
        "scopes",
        "A request, by groups above the project",
        "groups",
        "microseconds of a processor",
        explained,
    );
    for depth in subject.sizes(&GROUPS) {
        let path: Vec<String> = (1..=depth).map(|level| format!("group-{level}")).collect();
        let (host, namespace) = (subject.host(), path.join("/"));
        let groups =
            (1..=depth).map(|level| format!("{host}/group/{}", path.get(..level).unwrap_or_default().join("/")));
        let elsewhere = groups.flat_map(|scope| {
            let conditions = json!({"ref": "elsewhere", "ref_protected": "true"});
            let deploy = json!({"scope": scope, "name": "deploy", "conditions": conditions,
                                "role_arn": "arn:aws:iam::111122223333:role/brevet/payments-deploy"});
            [
                deploy,
                json!({"scope": scope, "name": "api.reports", "conditions": conditions, "routes": ["GET /whoami"]}),
            ]
        });
        let own = [subject.deploy(), subject.routes(&["GET /whoami".to_owned()])];
        subject.set_rows(own.into_iter().chain(elsewhere));
        let project = format!("{namespace}/payments-api");
        let deep = |function, case| {
            subject.events(function, case, |token| {
                token
                    .claim("namespace_path", namespace.as_str())
                    .claim("project_path", project.as_str())
                    .claim("sub", format!("project_path:{project}:ref_type:branch:ref:main"))
            })
        };
        let cost = probe(&subject.credentials(), &deep("credentials", "rest-get"), is_ok).await?;
        chart.put("credentials", depth as f64, cost.cpu_us);
        let cost = probe(&subject.authorizer_by_rows(), &deep("authorizer", "rest-request"), allows).await?;
        chart.put("authorizer, route mappings", depth as f64, cost.cpu_us);
    }
    Ok(chart)
}
