use brevet_policy::{Effect, Finding, Mode};
use serde_json::Value;

use super::account::Account;
use super::considered::Considered;
use crate::admin::colour::Colours;
use crate::admin::plain::plain;

/// The account for people to read.
pub(super) fn of(account: &Account, colours: Colours) -> String {
    let claim = |name: &str| account.job.get(name).and_then(Value::as_str).map(plain);
    let told = |name: &str| claim(name).unwrap_or_else(|| "none".to_owned());
    let mut lines = vec![
        format!(
            "job        project {} ({}), {} {}, pipeline {}, job {}",
            told("project_id"),
            told("project_path"),
            told("ref_type"),
            told("ref"),
            told("pipeline_id"),
            told("job_id")
        ),
        format!("asks for   {} at {}", plain(&account.asked), account.at),
        format!(
            "looked at  {}",
            account.scopes.iter().map(|scope| plain(scope)).collect::<Vec<_>>().join("\n           ")
        ),
        String::new(),
    ];
    if account.rows.is_empty() {
        lines.push("No row of these scopes has this name, nor `*`.".to_owned());
    } else {
        lines.push("Rows that have a say, most specific first:".to_owned());
        lines.extend(account.rows.iter().flat_map(|row| of_row(row, colours)));
    }
    lines.push(String::new());
    let decision = match account.decision {
        "granted" => colours.green("granted"),
        _ => colours.red(&format!("denied ({})", account.code)),
    };
    lines.push(format!("{}: {}", colours.bold(&decision), plain(&account.message)));
    for (label, routes) in [("open", &account.routes), ("closed", &account.closed_routes)] {
        lines.extend(routes.iter().map(|route| format!("  {label}: {route}")));
    }
    if let Some(call) = &account.sts {
        lines.extend(of_call(call));
    }
    lines.push(String::new());
    lines.extend(account.notes.iter().map(|note| format!("Note: {note}.")));
    lines.join("\n")
}

fn of_row(row: &Considered, colours: Colours) -> Vec<String> {
    let line = &row.line;
    let effect = match line.effect {
        Effect::Allow => "allow",
        Effect::Deny => "deny",
    };
    let version = line.version.as_ref().map(|version| format!(", version {}", plain(version))).unwrap_or_default();
    let mode = if line.mode == Mode::Report { ", only reports" } else { "" };
    let proposed = if row.proposed { ", proposed" } else { "" };
    let mark = if row.decides { colours.bold("->") } else { "  ".to_owned() };
    let head =
        format!("{mark} {effect:5} `{}` of `{}`{version}{mode}{proposed}", plain(&line.name), plain(&line.scope));
    let mut lines = vec![head, format!("         {}", finding(&line.finding, &row.required))];
    lines.extend(
        row.faults.iter().map(|fault| format!("         `{}` {}", plain(&fault.attribute), plain(&fault.reason))),
    );
    lines
}

fn finding(finding: &Finding, required: &[String]) -> String {
    let any = required.iter().map(|text| format!("`{}`", plain(text))).collect::<Vec<_>>().join(" or ");
    match finding {
        Finding::Grants => "applies: grants".to_owned(),
        Finding::Denies => "applies: denies".to_owned(),
        Finding::DeniesUnread => "cannot be read, so it denies what it could have denied:".to_owned(),
        Finding::WouldGrant => "would grant, but only reports".to_owned(),
        Finding::WouldDeny => "would deny, but only reports".to_owned(),
        Finding::Invalid => "cannot be read, so it grants nothing:".to_owned(),
        Finding::Disabled => "is switched off (`enabled` is false)".to_owned(),
        Finding::NotYetInForce => format!("is in force from {any} on"),
        Finding::Expired => format!("has expired at {any}"),
        Finding::ForkPipeline => format!("is not for code from forks: the job runs in project {any}"),
        Finding::PathChanged { presented } => {
            format!("is for the path {any}; the project's is `{}`: renamed or transferred", plain(presented))
        }
        Finding::ConditionNotMet { claim, presented } => {
            let presented =
                presented.as_ref().map_or("is not there".to_owned(), |text| format!("is `{}`", plain(text)));
            format!("does not apply: `{claim}` {presented}; the row requires {any}")
        }
        Finding::TokenTooOld { age_seconds } => format!("the token is {age_seconds} s old; the row requires {any}"),
    }
}

fn of_call(call: &Value) -> Vec<String> {
    let operation = call.get("operation").and_then(Value::as_str).unwrap_or_default();
    let mut lines = vec![String::new(), format!("STS would be asked for {operation} with")];
    for (name, value) in call.get("parameters").and_then(Value::as_object).into_iter().flatten() {
        match value.as_array() {
            None => lines.push(format!("  {name}: {}", text(value))),
            Some(items) => {
                lines.push(format!("  {name}:"));
                lines.extend(items.iter().map(|item| format!("    {}", item_text(item))));
            }
        }
    }
    lines
}

fn item_text(item: &Value) -> String {
    match (item.get("Key"), item.get("Value"), item.get("arn")) {
        (Some(key), Some(value), _) => format!("{} = {}", text(key), text(value)),
        (_, _, Some(arn)) => text(arn),
        _ => text(item),
    }
}

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| plain(&value.to_string()), plain)
}
