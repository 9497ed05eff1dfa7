use std::collections::HashMap;

use brevet_review::{Action, AttributeChange, LintFinding, Meaning, Severity};
use serde_json::{Value, json};

use super::{Plan, Step};
use crate::admin::colour::Colours;
use crate::admin::table::Label;

/// The plan for people.
pub(crate) fn in_words(plan: &Plan, label: &Label, colours: Colours) -> String {
    let mut findings: HashMap<(&str, &str), Vec<&LintFinding>> = HashMap::new();
    for finding in &plan.findings {
        findings.entry((&finding.scope, &finding.name)).or_default().push(finding);
    }
    let mut lines = vec![colours.bold(&format!("Role mappings of {label}"))];
    for step in &plan.steps {
        lines.push(String::new());
        lines.push(heading(step, colours));
        lines.push(format!("    {}", painted(&step.change.sentence, step.change.meaning, colours)));
        lines.extend(step.change.attributes.iter().flat_map(|attribute| attribute_lines(attribute, colours)));
        if step.adopts {
            lines.push("    kept by hand so far, and from now on by these files".to_owned());
        }
        let of_row = findings.get(&(step.change.scope.as_str(), step.change.name.as_str()));
        lines.extend(of_row.into_iter().flatten().map(|finding| finding_line(finding, colours)));
    }
    lines.push(String::new());
    lines.push(summary(plan));
    lines.join("\n")
}

/// The plan for programs.
pub(crate) fn as_json(plan: &Plan, label: &Label) -> Value {
    let changes: Vec<Value> = plan
        .steps
        .iter()
        .map(|step| {
            let mut change = serde_json::to_value(&step.change).unwrap_or_default();
            if let Some(members) = change.as_object_mut() {
                members.insert("stage".to_owned(), json!(step.stage));
                members.insert("adopts".to_owned(), json!(step.adopts));
                members.insert("action".to_owned(), json!(verb(step)));
            }
            change
        })
        .collect();
    let (create, update, delete) = counts(plan);
    json!({
        "table": label.as_json(),
        "changes": changes,
        "findings": plan.findings,
        "summary": {
            "create": create, "update": update, "delete": delete, "unchanged": plan.unchanged,
            "by_hand": plan.by_hand, "by_others": plan.by_others,
        },
    })
}

fn heading(step: &Step, colours: Colours) -> String {
    let (scope, name) = (step.change.scope.escape_debug(), step.change.name.escape_debug());
    let heading = |sign: &str| format!("{sign} {} {name} of {scope}", verb(step));
    match step.change.action {
        Action::Create => colours.green(&heading("+")),
        Action::Delete => colours.red(&heading("-")),
        Action::Update | Action::None => colours.yellow(&heading("~")),
    }
}

fn verb(step: &Step) -> &'static str {
    match step.change.action {
        Action::Create => "create",
        Action::Delete => "delete",
        // Taken over as it is: only its keeper changes.
        Action::Update | Action::None => "update",
    }
}

fn painted(sentence: &str, meaning: Meaning, colours: Colours) -> String {
    // What is stored may have been written by anybody.
    let sentence: String = sentence.chars().map(|one| if one.is_control() { '\u{fffd}' } else { one }).collect();
    match meaning {
        Meaning::Widens => colours.red(&sentence),
        Meaning::Moves => colours.yellow(&sentence),
        Meaning::Narrows => colours.green(&sentence),
        Meaning::Neutral => sentence,
    }
}

fn attribute_lines(attribute: &AttributeChange, colours: Colours) -> Vec<String> {
    let line = |sign: &str, value: &Value| format!("      {sign} {}: {value}", attribute.attribute.escape_debug());
    let old = attribute.old.as_ref().map(|value| colours.red(&line("-", value)));
    let new = attribute.new.as_ref().map(|value| colours.green(&line("+", value)));
    old.into_iter().chain(new).collect()
}

fn finding_line(finding: &LintFinding, colours: Colours) -> String {
    let line = format!("    {}: {}: {}", finding.severity.as_str(), finding.rule, finding.why);
    match finding.severity {
        Severity::Error => colours.red(&line),
        Severity::Warning => colours.yellow(&line),
        Severity::Info => line,
    }
}

fn summary(plan: &Plan) -> String {
    let (create, update, delete) = counts(plan);
    let widening = plan.steps.iter().filter(|step| step.change.meaning == Meaning::Widens).count();
    let left_alone =
        format!("{} unchanged, {} kept by hand, {} by other tools", plan.unchanged, plan.by_hand, plan.by_others);
    if plan.steps.is_empty() {
        return format!("Nothing to do: {left_alone}.");
    }
    format!(
        "{create} to create, {update} to update, {delete} to delete; {widening} of these widen access. {left_alone}."
    )
}

fn counts(plan: &Plan) -> (usize, usize, usize) {
    let count = |action: &[Action]| plan.steps.iter().filter(|step| action.contains(&step.change.action)).count();
    (count(&[Action::Create]), count(&[Action::Update, Action::None]), count(&[Action::Delete]))
}
