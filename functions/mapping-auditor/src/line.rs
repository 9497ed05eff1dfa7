//! What is logged of a change.

use brevet_function_kit::{rfc3339, unix_now};
use brevet_policy::{Fault, Row, is_disclosable};
use brevet_review::{AttributeChange, LintFinding, Meaning};
use serde_json::Value;

use crate::change::Judgement;
use crate::record::{Images, Origin, Record};

/// Longer lines are cut into pieces on their way to CloudWatch, and a piece is no JSON.
const MOST_BYTES: usize = 200_000;

/// The audit line of a change. It shows no value that [`is_disclosable`] keeps back.
#[derive(serde::Serialize)]
pub(crate) struct ChangeLine<'a> {
    kind: &'static str,
    time: String,
    function: &'static str,
    /// `created`, `changed` or `removed`.
    change: &'static str,
    #[serde(flatten)]
    origin: &'a Origin,
    #[serde(skip_serializing_if = "Option::is_none")]
    changed_at: Option<String>,
    /// What the change means for who may get in, and the same in words.
    meaning: Meaning,
    sentence: &'a str,
    /// The same attribute by attribute, of a row that was there and still is.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    attributes: Vec<&'a AttributeChange>,
    /// `valid` or `invalid`, as the functions read the row now.
    #[serde(skip_serializing_if = "Option::is_none")]
    reading: Option<&'static str>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    faults: &'a [Fault],
    /// Findings of severity error.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    lint: &'a [LintFinding],
    /// What the row says of who changed it: a label, which anybody who may write the row may write.
    #[serde(skip_serializing_if = "Option::is_none")]
    updated_by: Option<&'a Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    change_ref: Option<&'a Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    old: Option<Row>,
    #[serde(skip_serializing_if = "Option::is_none")]
    new: Option<Row>,
    /// Members that would have made the line too long.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    left_out: Vec<&'static str>,
}

impl<'a> ChangeLine<'a> {
    pub(crate) fn new(function: &'static str, record: &'a Record, judgement: &'a Judgement) -> Self {
        let Record { images, origin } = record;
        let invalid = judgement.invalid();
        let line = Self {
            kind: "mapping_changed",
            time: rfc3339(unix_now()),
            function,
            change: images.word(),
            origin,
            changed_at: origin.changed_at.map(rfc3339),
            meaning: judgement.change.meaning,
            sentence: &judgement.change.sentence,
            attributes: attributes(images, judgement),
            reading: judgement.reading.as_ref().map(|_| if invalid.is_some() { "invalid" } else { "valid" }),
            faults: invalid.map(|invalid| invalid.faults.as_slice()).unwrap_or_default(),
            lint: &judgement.lint,
            updated_by: label(images, "updated_by"),
            change_ref: label(images, "change_ref"),
            old: images.before().map(disclosed),
            new: images.after().map(disclosed),
            left_out: Vec::new(),
        };
        line.fitted()
    }

    /// Leaves members out, the longest-winded first, until the line fits.
    fn fitted(mut self) -> Self {
        let cuts: [(&'static str, Cut<'a>); 8] = [
            ("old", |line| line.old = None),
            ("new", |line| line.new = None),
            ("attributes", |line| line.attributes = Vec::new()),
            ("sentence", |line| line.sentence = ""),
            ("lint", |line| line.lint = &[]),
            ("faults", |line| line.faults = &[]),
            ("updated_by", |line| line.updated_by = None),
            ("change_ref", |line| line.change_ref = None),
        ];
        for (member, cut) in cuts {
            if serde_json::to_string(&self).is_ok_and(|line| line.len() <= MOST_BYTES) {
                break;
            }
            cut(&mut self);
            self.left_out.push(member);
        }
        self
    }
}

/// Takes a member out of a line.
type Cut<'a> = fn(&mut ChangeLine<'a>);

fn attributes<'a>(images: &Images, judgement: &'a Judgement) -> Vec<&'a AttributeChange> {
    let all = judgement.change.attributes.iter();
    match images {
        Images::Changed { .. } => all.filter(|attribute| attribute.old != attribute.new).collect(),
        Images::Created { .. } | Images::Removed { .. } => Vec::new(),
    }
}

/// A label of the row as it is now. One of a row that is gone was written by somebody else than who removed it.
fn label<'a>(images: &'a Images, attribute: &str) -> Option<&'a Value> {
    images.after().and_then(|row| row.get(attribute))
}

fn disclosed(row: &Row) -> Row {
    let hidden = || Value::String("(not shown)".to_owned());
    row.iter()
        .map(|(attribute, value)| (attribute.clone(), if is_disclosable(attribute) { value.clone() } else { hidden() }))
        .collect()
}
