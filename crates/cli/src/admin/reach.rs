//! What rows lead to and for whom, for people to read.

use brevet_review::{Reach, Standing};

use super::colour::Colours;
use super::plain::plain;

/// Row by row; `nothing` where there is none.
pub(super) fn sheet(found: &[Reach], nothing: &str, colours: Colours) -> String {
    if found.is_empty() {
        return nothing.to_owned();
    }
    found.iter().map(|reach| of_row(reach, colours)).collect::<Vec<_>>().join("\n\n")
}

fn of_row(reach: &Reach, colours: Colours) -> String {
    let version = reach.version.as_ref().map(|version| format!(", version {}", plain(version))).unwrap_or_default();
    let standing = match &reach.standing {
        Standing::Now => colours.green("in force"),
        Standing::NotNow { why } => colours.yellow(&format!("NOT now: the row {}", plain(why))),
        Standing::CannotTell { why } => colours.yellow(&format!("cannot tell: {}", plain(why))),
    };
    let mut lines = vec![format!(
        "{} of `{}`{version}: {standing}",
        colours.bold(&format!("`{}`", plain(&reach.name))),
        plain(&reach.scope)
    )];
    let mut tell = |label: &str, text: &str| lines.push(format!("  {label:13} {}", plain(text)));
    if let Some(arn) = &reach.role_arn {
        tell("role", arn);
    }
    reach.routes.iter().for_each(|route| tell("route", route));
    if let Some(terms) = &reach.terms {
        for (label, text) in [
            ("projects", &terms.projects),
            ("refs", &terms.refs),
            ("environments", &terms.environments),
            ("started by", &terms.triggers),
            ("people", &terms.people),
            ("forks", &terms.forks),
        ] {
            tell(label, text);
        }
        terms.further.iter().for_each(|text| tell("and only", text));
    }
    for cut in &reach.cut_by {
        let how = if cut.all { "closed by" } else { "except" };
        tell(how, &format!("{} (the deny row `{}` of `{}`)", cut.whom, cut.name, cut.scope));
    }
    lines.join("\n")
}
