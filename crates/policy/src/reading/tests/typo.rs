//! A typo never widens access: neither in an allow row nor in a deny row.

use serde_json::json;

use super::*;
use crate::decision::{Outcome, decide};
use crate::name::MappingName;
use crate::test_support::{NOW, feature_branch, principal};

/// The row with each attribute in turn misspelt, or of a type it cannot have.
fn typos(row: &Row) -> Vec<Row> {
    let mut typos = Vec::new();
    for (attribute, value) in row {
        let shorter = attribute.get(1..).unwrap_or_default();
        for misspelt in [format!("{attribute}s"), attribute.to_uppercase(), shorter.to_owned(), format!(" {attribute}")]
        {
            let mut typo = row.clone();
            typo.remove(attribute);
            typo.insert(misspelt, value.clone());
            typos.push(typo);
        }
        for wrong in [json!(null), json!([[]]), json!({"x": 1}), json!(1.5), json!([true])] {
            let mut typo = row.clone();
            typo.insert(attribute.clone(), wrong);
            typos.push(typo);
        }
    }
    typos
}

fn is_granted(principal: &brevet_identity::Principal, rows: &[Row]) -> bool {
    let readings: Vec<Reading> = rows.iter().map(read).collect();
    matches!(decide(principal, &readings, &MappingName::parse("deploy").unwrap(), NOW), Outcome::Granted(_))
}

#[test]
fn makes_no_allow_row_grant_what_it_did_not() {
    let restrictions = [
        json!({"conditions": {"ref_protected": "true", "ref": "release/*"}}),
        json!({"enabled": false}),
        json!({"mode": "report"}),
        json!({"not_before": NOW + 1}),
        json!({"expires_at": NOW}),
        json!({"project_path": "other/path"}),
        json!({"max_token_age_seconds": 1}),
        json!({"scope": "gitlab.example.com/project/1"}),
        json!({"name": "other"}),
        json!({"effect": "deny"}),
    ];
    for restriction in restrictions {
        let restricted = row(restriction.clone());
        assert!(!is_granted(&principal(), std::slice::from_ref(&restricted)), "{restriction}");
        for typo in typos(&restricted) {
            assert!(!is_granted(&principal(), std::slice::from_ref(&typo)), "{typo:?}");
        }
    }
    for typo in typos(&row(json!({}))) {
        assert!(!is_granted(&feature_branch(), std::slice::from_ref(&typo)), "{typo:?}");
    }
}

#[test]
fn makes_no_deny_row_let_through_what_it_did_not() {
    let open = row(json!({"scope": "gitlab.example.com"}));
    for denial in [
        json!({"effect": "deny"}),
        json!({"effect": "deny", "name": "*"}),
        json!({"effect": "deny", "mode": "enforce", "enabled": true}),
        json!({"effect": "deny", "conditions": {"ref": "main"}, "not_before": NOW, "expires_at": NOW + 1, "project_path": "a/b"}),
    ] {
        let denying = row(denial);
        assert!(!is_granted(&principal(), &[open.clone(), denying.clone()]));
        for typo in typos(&denying) {
            assert!(!is_granted(&principal(), &[open.clone(), typo.clone()]), "{typo:?}");
        }
    }
}
