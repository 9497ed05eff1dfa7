//! What Brevet, the mappings and STS have to say.

use brevet_policy::MappingName;
use reqwest::Response;
use serde_json::{Map, Value};

use super::claims::UnverifiedClaims;
use super::report::{Broken, Found};
use crate::brevet::{Brevet, Question};
use crate::failure::{Explanation, Failure};

/// Whether the token is accepted. The answer is that to a question which is refused in any case: only what for matters.
pub(super) async fn identity(
    brevet: &Brevet,
    answer: Response,
    claims: &UnverifiedClaims,
) -> Result<Found<()>, Broken> {
    match brevet.body(answer).await {
        Err(Failure::Refused(explanation)) if explanation.code == "bad_request" => {
            Ok(Found::new((), "Brevet trusts the issuer, the signature, the audience and the age of the token"))
        }
        Err(failure) => Err(failure.with_remedy(|code| remedy(code, claims)).into()),
        Ok(_) => {
            let message = format!("what answers at `{}` says yes to anything, as Brevet does not", brevet.endpoint());
            Err(Failure::misconfigured("not_brevet", message, "check BREVET_URL").into())
        }
    }
}

/// Whether a mapping lets this job have the role, or any role.
pub(super) async fn mapping(brevet: &Brevet, role: Option<&MappingName>) -> Result<Found<()>, Broken> {
    let told = brevet.tell("/mappings").await?;
    let mappings: Vec<&Value> = told.get("mappings").and_then(Value::as_array).into_iter().flatten().collect();
    let rows = |mapping: &Value| -> Vec<String> {
        mapping.get("rows").and_then(Value::as_array).into_iter().flatten().map(row).collect()
    };
    let Some(role) = role else {
        let names: Vec<&str> =
            told.get("names").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect();
        let details = mappings.iter().flat_map(|mapping| rows(mapping)).collect();
        if names.is_empty() {
            return Err(no_mapping("no mapping grants this job a role".to_owned()).with(details));
        }
        return Ok(Found::new((), format!("this job may use `{}`", names.join("`, `"))).with(details));
    };
    let own = mappings.iter().find(|mapping| text(mapping, "name") == Some(role.as_str()));
    let Some(own) = own else {
        return Err(no_mapping(format!("no mapping `{role}` is there for this project, its groups or its GitLab")));
    };
    if own.get("granted") == Some(&Value::Bool(true)) {
        return Ok(Found::new((), format!("`{role}` is granted to this job")).with(rows(own)));
    }
    let code = text(own, "code").unwrap_or("no_mapping");
    let message = text(own, "message").unwrap_or("no mapping grants it").to_owned();
    let help = "run the job where the mapping allows it, or ask its owner to change the row";
    Err(Broken::from(Failure::Refused(Explanation::new(code, message).with_help(help))).with(rows(own)))
}

/// Whether the role itself trusts Brevet for this job. The session is thrown away.
pub(super) async fn role(brevet: &Brevet, role: &MappingName) -> Result<Found<()>, Broken> {
    let question = Question { role: role.clone(), duration_seconds: None, session_policy: None };
    let session = brevet.session_once(&question).await.map_err(|failure| {
        failure.with_remedy(|code| {
            (code == "target_role_refused").then(|| {
                "the role's owner must let Brevet's role do both `sts:AssumeRole` and `sts:TagSession`, with conditions that \
                 this job's tags meet"
                    .to_owned()
            })
        })
    })?;
    let says = format!("{} as {}, until {}", session.role_arn, session.session_name(), session.expiration());
    Ok(Found::new((), says))
}

fn remedy(code: &str, claims: &UnverifiedClaims) -> Option<String> {
    match code {
        "token_invalid" => Some(format!(
            "the token's issuer is `{}`: Brevet's list of trusted issuers must spell it exactly so, and be able to get its keys",
            claims.shown("iss")
        )),
        "audience_not_accepted" => Some(format!(
            "the token is for `{}`: set `aud:` of the `id_tokens` entry to what Brevet accepts",
            claims.shown("aud")
        )),
        _ => None,
    }
}

fn no_mapping(message: String) -> Broken {
    let help = "ask the platform's admins for a row, with the project id from the claims above";
    Failure::Refused(Explanation::new("no_mapping", message).with_help(help)).into()
}

/// One row and its first failing condition.
fn row(row: &Value) -> String {
    let part = |name: &str| text(row, name).unwrap_or("?").escape_debug().to_string();
    let mut line = format!("{} {}: {}", part("scope"), part("name"), part("outcome").replace('_', " "));
    if let Some(claim) = text(row, "claim") {
        let presented =
            text(row, "presented").map_or_else(|| "absent".to_owned(), |value| format!("`{}`", value.escape_debug()));
        line.push_str(&format!(", `{claim}` is {presented}"));
    }
    line
}

fn text<'a>(value: &'a Value, name: &str) -> Option<&'a str> {
    value.as_object().and_then(|members: &Map<String, Value>| members.get(name)).and_then(Value::as_str)
}
