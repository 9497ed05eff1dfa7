use brevet_policy::Effect;
use brevet_review::{DueRow, Report, ReportModeRow, RowKey, RowNote};
use serde_json::Value;

use super::Kind;
use crate::admin::colour::Colours;
use crate::admin::decisions::Extent;
use crate::admin::moment::shown;
use crate::admin::plain::{counted, plain};

/// The report for people to read: a section is there if there is something in it.
pub(super) fn of(
    report: &Report,
    freezes: &[Value],
    not_judged: &[Kind],
    extent: Option<&Extent>,
    colours: Colours,
) -> String {
    let told = extent.map_or("from the rows alone".to_owned(), |extent| plain(&extent.in_words()));
    let mut sheet = vec![format!("Rests on: {told}")];
    for kind in not_judged.iter().filter(|_| extent.is_some()) {
        sheet.push(match kind {
            Kind::Roles => {
                "Nothing was read of the credentials function: rows for roles are not called unused.".to_owned()
            }
            Kind::Routes => "Nothing was read of any authorizer: rows `api.*` are not called unused.".to_owned(),
        });
    }
    let head = sheet.len();
    let mut section = |title: &str, lines: Vec<String>| {
        if !lines.is_empty() {
            sheet.push(format!("\n{}", colours.bold(title)));
            sheet.extend(lines);
        }
    };
    section("Frozen by `brevet freeze`", freezes.iter().map(of_freeze).collect());
    section("Deny rows in force", report.closed.iter().map(of_note).collect());
    section(
        "Rows that cannot be read (they grant nothing, and may deny)",
        report.invalid.iter().map(of_note).collect(),
    );
    section("Expired, or expiring within 14 days", report.expiring.iter().map(of_due).collect());
    section("In force for a limited time", report.temporary.iter().map(of_due).collect());
    section("Review overdue, or due within 14 days", report.review_due.iter().map(of_due).collect());
    section("In force, and no decision used them", report.unused.iter().map(of_note).collect());
    section("In report mode", report.report_mode.iter().map(of_report_mode).collect());
    let renamed = report.renamed.iter().map(|renamed| {
        let project = &renamed.project;
        format!(
            "  {} came as `{}` (project {}), {}, last {}",
            key(&renamed.row),
            plain(&project.path),
            plain(&project.id),
            counted(renamed.count, "time"),
            shown(renamed.last)
        )
    });
    section("Projects with another path than their row was made for", renamed.collect());
    let refusals = report.top_refusals.iter().map(|refusal| {
        let whose = refusal
            .project
            .as_ref()
            .map_or("an unknown job".to_owned(), |project| format!("project {} ({})", project.id, project.path));
        format!(
            "  {:5} x  {} for `{}`, {}, last {}",
            refusal.count,
            plain(&refusal.code),
            plain(&refusal.asked),
            plain(&whose),
            shown(refusal.last)
        )
    });
    section("Most frequent refusals", refusals.collect());
    if sheet.len() == head {
        sheet.push("Nothing needs looking after.".to_owned());
    }
    if report.further > 0 {
        sheet.push(format!("\n... and {} more that there was no room to tell apart", report.further));
    }
    sheet.join("\n")
}

fn of_freeze(freeze: &Value) -> String {
    let text = |name: &str| freeze.get(name).and_then(Value::as_str).map(plain);
    let end = text("expires_at").map_or("until it is taken away".to_owned(), |end| format!("until {end}"));
    format!(
        "  `{}` {end}: {} (by {})",
        text("scope").unwrap_or_default(),
        text("description").unwrap_or_default(),
        text("updated_by").unwrap_or_default()
    )
}

fn of_note(note: &RowNote) -> String {
    format!("  {}{}: {}", key(&note.row), owner(note.owner.as_deref()), plain(&note.note))
}

fn of_due(row: &DueRow) -> String {
    let (effect, verb) = (effect(row.effect), if row.overdue { "since" } else { "at" });
    format!("  {} ({effect}){}: {verb} {}", key(&row.row), owner(row.owner.as_deref()), shown(row.due))
}

fn of_report_mode(row: &ReportModeRow) -> String {
    let ready = match (row.ready, row.last) {
        (true, Some(last)) => format!("was seen to act, last {}: judge whether to enforce it", shown(last)),
        _ => "was not seen to act".to_owned(),
    };
    format!(
        "  {} ({}){}: would have granted {}, denied {}; {ready}",
        key(&row.row),
        effect(row.effect),
        owner(row.owner.as_deref()),
        row.would_grant,
        row.would_deny
    )
}

fn key(row: &RowKey) -> String {
    format!("`{}` of `{}`", plain(&row.name), plain(&row.scope))
}

fn owner(owner: Option<&str>) -> String {
    owner.map(|owner| format!(", {}", plain(owner))).unwrap_or_default()
}

fn effect(effect: Effect) -> &'static str {
    match effect {
        Effect::Allow => "allow",
        Effect::Deny => "deny",
    }
}
