//! A policy of the job on top of the mapping's own.
//!
//! STS takes one inline policy, and what that *or* a managed session policy allows is allowed. Where the mapping brings
//! policies, the job's cannot simply stand beside them: it would widen them. So the job's `Allow` statements are turned
//! into `Deny` statements for everything they do not allow, and added to the mapping's policy.

use serde_json::{Map, Value, json};

use super::SessionFault;
use super::policy::{MAX_POLICY_CHARACTERS, policy_characters, policy_document, statements};
use crate::terms::RoleTerms;

/// Each `Allow` statement doubles the number of `Deny` statements.
const MOST_ALLOW_STATEMENTS: usize = 3;

/// The inline policy of the session, minified: the mapping's, narrowed by the job's.
pub(super) fn inline_policy(terms: &RoleTerms, asked: Option<&Value>) -> Result<Option<String>, SessionFault> {
    let Some(asked) = asked else { return Ok(terms.session_policy.as_ref().map(Value::to_string)) };
    let asked = policy_document(asked).map_err(SessionFault::PolicyInvalid)?;
    let policy = if terms.session_policy.is_none() && terms.policy_arns.is_empty() {
        asked
    } else {
        let both = intersection(terms.session_policy.as_ref(), &asked).map_err(SessionFault::PolicyInvalid)?;
        // The job denies itself nothing that the managed policies allow, and STS takes no policy without statements.
        let Some(both) = both else { return Ok(None) };
        both
    };
    let minified = policy.to_string();
    let size = policy_characters(Some(&minified), &terms.policy_arns);
    if size > MAX_POLICY_CHARACTERS {
        let fault = format!(
            "needs {size} characters together with the mapping's policies, more than the {MAX_POLICY_CHARACTERS} of STS"
        );
        return Err(SessionFault::PolicyInvalid(fault));
    }
    Ok(Some(minified))
}

/// An `Allow` statement of the job.
struct Allowed {
    actions: Vec<Value>,
    resources: Vec<Value>,
}

/// The mapping's statements, if it has an inline policy, and a denial of all that the job's policy does not allow;
/// `None` if that is no statement at all.
fn intersection(own: Option<&Value>, asked: &Value) -> Result<Option<Value>, String> {
    let (mut allowed, mut denied) = (Vec::new(), Vec::new());
    for statement in statements(asked).unwrap_or_default() {
        let (effect, actions, resources) = parts(statement)?;
        match effect {
            "Allow" => allowed.push(Allowed { actions, resources }),
            _ => denied.push(json!({"Effect": "Deny", "Action": actions, "Resource": resources})),
        }
    }
    if allowed.is_empty() || allowed.len() > MOST_ALLOW_STATEMENTS {
        return Err(format!(
            "must have 1 to {MOST_ALLOW_STATEMENTS} `Allow` statements, because this mapping has a policy of its own"
        ));
    }
    let mut all: Vec<Value> = own.and_then(statements).unwrap_or_default().to_vec();
    all.extend(complement(&allowed));
    all.extend(denied);
    if all.is_empty() {
        return Ok(None);
    }
    let version = own.map_or(Some(json!("2012-10-17")), |own| own.get("Version").cloned());
    let mut policy = Map::new();
    policy.extend(version.map(|version| ("Version".to_owned(), version)));
    policy.insert("Statement".to_owned(), Value::Array(all));
    Ok(Some(Value::Object(policy)))
}

/// `Deny` statements for exactly what no `Allow` statement allows.
///
/// A request is not allowed if, for each statement, its action or its resource is not among the statement's: so there is
/// one `Deny` for each way to choose, statement by statement, which of the two it is.
fn complement(allowed: &[Allowed]) -> Vec<Value> {
    let choices = 0..1_usize << allowed.len();
    choices
        .filter_map(|choice| {
            let by_action = |index: &usize| choice & (1 << index) != 0;
            let (mut actions, mut resources) = (Vec::new(), Vec::new());
            for (index, statement) in allowed.iter().enumerate() {
                if by_action(&index) {
                    extend_unique(&mut actions, &statement.actions);
                } else {
                    extend_unique(&mut resources, &statement.resources);
                }
            }
            let everything = json!("*");
            // "Not among everything" is nothing: such a statement would never apply.
            if actions.contains(&everything) || resources.contains(&everything) {
                return None;
            }
            let action =
                if actions.is_empty() { ("Action", everything.clone()) } else { ("NotAction", Value::Array(actions)) };
            let resource =
                if resources.is_empty() { ("Resource", everything) } else { ("NotResource", Value::Array(resources)) };
            Some(json!({"Effect": "Deny", action.0: action.1, resource.0: resource.1}))
        })
        .collect()
}

fn extend_unique(list: &mut Vec<Value>, further: &[Value]) {
    for item in further {
        if !list.contains(item) {
            list.push(item.clone());
        }
    }
}

/// Effect, actions and resources of a statement that has nothing else.
fn parts(statement: &Value) -> Result<(&str, Vec<Value>, Vec<Value>), String> {
    let members = statement.as_object().ok_or("must have objects as statements")?;
    if let Some(other) = members.keys().find(|name| !["Sid", "Effect", "Action", "Resource"].contains(&name.as_str())) {
        return Err(format!(
            "has `{other}`; this mapping has a policy of its own, so statements may have `Effect`, `Action`, `Resource` and `Sid` alone"
        ));
    }
    let effect = members.get("Effect").and_then(Value::as_str).filter(|effect| ["Allow", "Deny"].contains(effect));
    let effect = effect.ok_or("must have `Effect` `Allow` or `Deny` in each statement")?;
    Ok((effect, texts(members, "Action")?, texts(members, "Resource")?))
}

fn texts(members: &Map<String, Value>, name: &str) -> Result<Vec<Value>, String> {
    let fault = || format!("must have `{name}` in each statement: a string or a list of strings");
    let value = members.get(name).ok_or_else(fault)?;
    let items = value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice);
    let texts = !items.is_empty() && items.iter().all(|item| item.as_str().is_some_and(|text| !text.is_empty()));
    if texts { Ok(items.to_vec()) } else { Err(fault()) }
}
