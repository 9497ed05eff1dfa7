use brevet_review::Severity;

use super::located::Located;
use crate::admin::colour::Colours;

pub(super) fn written(findings: &[Located], colours: Colours) -> String {
    let mut lines: Vec<String> = findings.iter().flat_map(|located| lines_of(located, colours)).collect();
    let count = |severity| findings.iter().filter(|located| located.finding.severity == severity).count();
    lines.push(if findings.is_empty() {
        colours.green("Nothing to be said against these rows.")
    } else {
        let [errors, warnings, infos] = [Severity::Error, Severity::Warning, Severity::Info].map(count);
        format!("{errors} errors, {warnings} warnings, {infos} notes.")
    });
    lines.join("\n")
}

fn lines_of(located: &Located, colours: Colours) -> [String; 3] {
    let finding = &located.finding;
    let place = located.place.as_ref().map(|place| format!("{place}: ")).unwrap_or_default();
    let severity = match finding.severity {
        Severity::Error => colours.red("error"),
        Severity::Warning => colours.yellow("warning"),
        Severity::Info => "info".to_owned(),
    };
    let clean =
        |text: &str| text.chars().map(|one| if one.is_control() { '\u{fffd}' } else { one }).collect::<String>();
    [
        clean(&format!("{place}{}", located.row())) + &format!(": {severity}: {}", finding.rule),
        format!("    {}", clean(&finding.why)),
        format!("    remedy: {}", clean(&finding.remedy)),
    ]
}
