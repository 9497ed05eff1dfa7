use serde_json::json;

use super::*;
use crate::name::ApiName;
use crate::test_support::api_row;

fn entitled(principal: &Principal, rows: &[Row]) -> RouteEntitlement {
    entitlement(principal, &readings(rows), &ApiName::parse("reports").unwrap(), NOW)
}

fn printed(routes: &[crate::route::RoutePattern]) -> Vec<String> {
    routes.iter().map(ToString::to_string).collect()
}

#[test]
fn opens_nothing_without_a_row_of_this_very_api() {
    for rows in [
        vec![],
        vec![row(json!({}))],
        vec![api_row(json!({"name": "api.report"}))],
        vec![api_row(json!({"name": "api.reports2"}))],
    ] {
        let entitlement = entitled(&principal(), &rows);
        assert!(!entitlement.permits("GET", "/reports/1"));
        let denial = entitlement.denial().unwrap();
        assert_eq!(denial.code(), DenialCode::NoMapping);
        assert_eq!(
            denial.message(),
            "no mapping `api.reports` opens this route to project 4711 (`nordwind/platform/payments-api`); ask the owner of the API for it"
        );
    }
}

#[test]
fn opens_nothing_when_the_row_does_not_apply() {
    let entitlement = entitled(&feature_branch(), &[api_row(json!({"usage_plan_key": "k".repeat(20)}))]);
    assert_eq!(entitlement.denial().unwrap().code(), DenialCode::ConditionsNotMet);
    assert_eq!(entitlement.usage_plan_key(), None);
}

#[test]
fn opens_nothing_under_a_deny_row_without_routes() {
    let closers = [
        api_row(json!({"effect": "deny", "routes": null, "scope": "gitlab.example.com"})),
        row(json!({"effect": "deny", "name": "*"})),
        row(json!({"effect": "deny", "name": "*", "routes": ["GET /other"]})),
        api_row(json!({"effect": "deny", "routes": ["GET other"], "scope": "gitlab.example.com"})),
        api_row(json!({"effect": "Deny", "routes": null, "scope": "gitlab.example.com"})),
    ];
    for closer in closers {
        let entitlement = entitled(&principal(), &[api_row(json!({"usage_plan_key": "k".repeat(20)})), closer.clone()]);
        assert_eq!(entitlement.denial().map(Denial::code), Some(DenialCode::ExplicitlyDenied), "{closer:?}");
        assert_eq!((entitlement.allow(), entitlement.usage_plan_key()), (&[][..], None));
    }
}

#[test]
fn closes_only_the_routes_that_a_deny_row_names() {
    let narrow = api_row(json!({"effect": "deny", "scope": "gitlab.example.com", "routes": ["GET /reports/secret"]}));
    let entitlement = entitled(&principal(), &[api_row(json!({})), narrow.clone()]);
    assert!(entitlement.denial().is_none());
    assert_eq!(printed(entitlement.deny()), ["GET /reports/secret"]);
    assert!(entitlement.permits("GET", "/reports/1") && !entitlement.permits("GET", "/reports/secret"));
    assert_eq!(entitled(&principal(), &[narrow]).denial().map(Denial::code), Some(DenialCode::NoMapping));
}

#[test]
fn adds_up_the_routes_of_every_scope() {
    let rows = [
        api_row(
            json!({"scope": "gitlab.example.com", "routes": ["GET /reports/*", "POST /reports"], "usage_plan_key": "wide-".repeat(4)}),
        ),
        api_row(json!({"routes": ["$connect", "GET /reports/*"]})),
        api_row(
            json!({"scope": "gitlab.example.com/namespace/812", "conditions": {"ref_protected": "true", "ref": "v*"}, "routes": ["DELETE /**"]}),
        ),
        api_row(json!({"scope": "gitlab.example.com/group/nordwind", "mode": "report", "routes": ["PUT /**"]})),
    ];
    let entitlement = entitled(&principal(), &rows);
    assert_eq!(printed(entitlement.allow()), ["$connect", "GET /reports/*", "POST /reports"]);
    assert_eq!(entitlement.usage_plan_key(), Some("wide-wide-wide-wide-"));
    assert_eq!(entitlement.trace().len(), 4);
}

#[test]
fn counts_use_against_the_plan_of_the_most_specific_row() {
    let rows = [
        api_row(json!({"scope": "gitlab.example.com", "usage_plan_key": "wide-".repeat(4)})),
        api_row(json!({"usage_plan_key": "project-".repeat(3)})),
    ];
    assert_eq!(entitled(&principal(), &rows).usage_plan_key(), Some("project-project-project-"));
}
