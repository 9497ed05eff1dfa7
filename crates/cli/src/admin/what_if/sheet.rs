use brevet_review::{Replay, ReplayEffect, Verdict};

use crate::admin::colour::Colours;
use crate::admin::decisions::Extent;
use crate::admin::moment::shown;
use crate::admin::plain::plain;

/// The replay for people to read.
pub(super) fn of(replay: &Replay, extent: &Extent, against_table: bool, colours: Colours) -> String {
    let against = if against_table { "what the table says now" } else { "what was decided then" };
    let totals = &replay.totals;
    let mut lines = vec![
        format!("{}, held against {against}:", plain(&extent.in_words())),
        format!("  {:7} gain: refused, and would be granted", totals.gains),
        format!("  {:7} lose: granted, and would be refused", totals.loses),
        format!("  {:7} get another role", totals.moves),
        format!("  {:7} come out the same", totals.unchanged),
        format!("  {:7} cannot be told", totals.cannot_tell),
        format!("  {:7} are no decisions of rows (refused tokens, questions, outages, repeats)", totals.skipped),
    ];
    for (verdict, title) in [
        (Verdict::Gains, colours.yellow("Would gain:")),
        (Verdict::Loses, colours.red("Would lose:")),
        (Verdict::Moves, colours.yellow("Would get another role:")),
        (Verdict::CannotTell, "Cannot be told:".to_owned()),
    ] {
        let mut effects = replay.effects.iter().filter(|effect| effect.verdict == verdict).peekable();
        if effects.peek().is_some() {
            lines.push(String::new());
            lines.push(title);
            lines.extend(effects.map(of_effect));
        }
    }
    if replay.further > 0 {
        lines.push(format!("... and {} more that there was no room to tell apart", replay.further));
    }
    lines.join("\n")
}

fn of_effect(effect: &ReplayEffect) -> String {
    format!(
        "  {:5} x  project {} ({}) asked for `{}`, last {}\n           {}",
        effect.count,
        plain(&effect.project.id),
        plain(&effect.project.path),
        plain(&effect.asked),
        shown(effect.last),
        plain(&effect.why)
    )
}
