//! What a pipeline author reads. Nothing but the mapping's name and the job's own claims goes in here.

use brevet_identity::{ClaimName, Principal};

use super::check::Unmet;
use crate::name::MappingName;

/// The most characters of a claim that a sentence quotes.
const LONGEST_QUOTE: usize = 200;

pub(super) fn no_mapping(name: &MappingName, principal: &Principal) -> String {
    let (id, path) = (principal.project_id(), quote(principal.project_path()));
    format!(
        "no mapping `{name}` is in force for project {id} ({path}); check the name, or ask a platform admin for one"
    )
}

pub(super) fn no_route(name: &MappingName, principal: &Principal) -> String {
    let (id, path) = (principal.project_id(), quote(principal.project_path()));
    format!("no mapping `{name}` opens this route to project {id} ({path}); ask the owner of the API for it")
}

pub(super) fn explicitly_denied(name: &MappingName) -> String {
    format!("mapping `{name}` is closed to this job by a deny row; ask a platform admin")
}

pub(super) fn unreadable(name: &MappingName) -> String {
    format!("mapping `{name}` has a row that cannot be read; a platform admin finds what is wrong in the log")
}

pub(super) fn unmet(unmet: &Unmet, name: &MappingName, principal: &Principal) -> String {
    match unmet {
        Unmet::Disabled => format!("mapping `{name}` is switched off"),
        Unmet::NotYetInForce => format!("mapping `{name}` is not in force yet"),
        Unmet::Expired => format!("mapping `{name}` has expired"),
        Unmet::Fork => format!(
            "mapping `{name}` is not open to code from a fork: this job presented project {}, and runs in another project",
            principal.project_id()
        ),
        Unmet::Path { .. } => format!(
            "mapping `{name}` was made for another project path: this job presented {}; the project was renamed or transferred, \
             or its path was registered again, so ask a platform admin",
            quote(principal.project_path())
        ),
        Unmet::Condition { claim, .. } => condition(name, *claim, principal),
        Unmet::TokenAge { age, .. } => {
            format!(
                "mapping `{name}` requires a newer token: this one was issued {age} s ago, so ask earlier in the job"
            )
        }
    }
}

fn condition(name: &MappingName, claim: ClaimName, principal: &Principal) -> String {
    match principal.claim(claim) {
        Some(presented) => {
            format!("mapping `{name}` requires another `{claim}`: this job presented {}", quote(presented))
        }
        None => format!("mapping `{name}` requires `{claim}`, which this job does not have"),
    }
}

/// A claim in backticks, cut if it is long, without characters that move a cursor.
fn quote(presented: &str) -> String {
    let printable = presented.chars().map(|character| if character.is_control() { '\u{fffd}' } else { character });
    let mut text: String = printable.take(LONGEST_QUOTE).collect();
    if presented.chars().count() > LONGEST_QUOTE {
        text.push('…');
    }
    format!("`{text}`")
}
