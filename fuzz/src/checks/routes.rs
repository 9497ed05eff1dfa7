use brevet_policy::{ApiName, Reading, RouteEntitlement, RoutePattern, entitlement, read};
use serde_json::json;

use crate::slow::{glob, route};
use crate::world::{NOW, object, principal};

const STAGE: &str = "arn:aws:execute-api:eu-west-1:111122223333:api/v1/";

/// Rows and requests, one a line: `+GET /a/*` opens, `-GET /a/b` closes, `=GET /a/1` is a request. The first request is the
/// one that is answered, the others are those for which API Gateway uses the same answer: the policy permits none that the
/// rows do not, as IAM reads it.
pub fn routes(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let lines = |mark: char| text.split('\n').filter_map(move |line| line.strip_prefix(mark));
    let is_route = |text: &&str| RoutePattern::parse(text).is_ok();
    let open: Vec<&str> = lines('+').filter(is_route).take(6).collect();
    let closed: Vec<&str> = lines('-').filter(is_route).take(6).collect();
    let requests: Vec<(&str, &str)> = lines('=').filter_map(request).take(8).collect();
    let (Some(first), false) = (requests.first(), open.is_empty()) else { return };
    let Some(entitlement) = entitled(&open, &closed) else { return };
    let (allow, deny) = brevet_authorizer::fuzzing::resources(&arn(*first), &entitlement).expect("the ARN is one");
    assert!(allow.iter().chain(&deny).all(|resource| resource.starts_with(STAGE)), "beyond the stage: {allow:?}");
    for &(method, path) in &requests {
        let permitted = open.iter().any(|open| route::matches(open, method, path))
            && !closed.iter().any(|closed| route::closes(closed, method, path))
            && route::has_one_reading(path);
        assert_eq!(entitlement.permits(method, path), permitted, "`{method} {path}` of +{open:?} -{closed:?}");
        let text = arn((method, path));
        let among = |list: &[String]| list.iter().any(|resource| glob::matches(resource, &text));
        let by_policy = among(&allow) && !among(&deny);
        assert!(permitted || !by_policy, "the policy opens `{method} {path}`: {allow:?} but {deny:?}");
    }
}

/// What a job may call whose rows open and close these routes.
fn entitled(open: &[&str], closed: &[&str]) -> Option<RouteEntitlement> {
    let row = |effect: &str, scope: &str, routes: &[&str]| {
        read(&object(json!({"scope": scope, "name": "api.users", "effect": effect, "routes": routes,
            "conditions": {"ref_protected": "true"}})))
    };
    let mut readings = vec![row("allow", "gitlab.example.com/project/4711", open)];
    if !closed.is_empty() {
        readings.push(row("deny", "gitlab.example.com", closed));
    }
    // A route that is there twice makes its row invalid.
    if readings.iter().any(|reading| matches!(reading, Reading::Invalid(_))) {
        return None;
    }
    Some(entitlement(&principal(json!({}))?, &readings, &ApiName::parse("users")?, NOW))
}

/// `METHOD /path` or `$connect`, as API Gateway would put it into an ARN.
fn request(text: &str) -> Option<(&str, &str)> {
    if text == "$connect" {
        return Some(("$connect", "/"));
    }
    let (method, path) = text.split_once(' ')?;
    let is_method = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"].contains(&method);
    (is_method && path.starts_with('/')).then_some((method, path))
}

fn arn((method, path): (&str, &str)) -> String {
    if method == "$connect" { format!("{STAGE}$connect") } else { format!("{STAGE}{method}{path}") }
}
