use brevet_policy::Row;
use serde_json::{Value, json};

use super::*;
use crate::admin::files::tests::Folder;

pub(super) fn row(changes: Value) -> Row {
    let mut row = json!({
        "scope": "gitlab.example.com/project/4711", "name": "deploy",
        "role_arn": "arn:aws:iam::111122223333:role/brevet/payments-deploy",
        "conditions": {"ref_protected": "true"},
    });
    row.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
    row.as_object().unwrap().clone()
}

#[test]
fn what_is_exported_is_read_as_the_same_rows() {
    let awkward = [
        "yes",
        "true",
        "null",
        "~",
        "4711",
        "1.10",
        "a: b",
        "a:",
        "# no comment",
        "*",
        "&a",
        "!x",
        "- a",
        "'",
        "\"",
        "\\",
        " a ",
        "",
        "a\nb\n",
        "\t",
        "\u{85}\u{2028}\u{feff}\u{7f}\u{0}",
        "ünïcode",
        "{a}",
        "[a]",
        "a, b",
        "%",
        "@a",
        "`a`",
        "|",
        ">",
        "2026-12-31",
    ];
    for text in awkward {
        let policy = json!({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": ["*"],
                            "Condition": {"StringLike": {"s3:prefix": [text]}}}]});
        let mut written = row(json!({"description": text, "owner": format!("x{text}"), "session_policy": policy,
                                     "duration_seconds": 1_800, "enabled": true, "expires_at": "2027-01-01T00:00:00Z"}));
        if !text.is_empty() && !text.contains(['\\', '[', '*', '\u{0}', '\n', '\t', '\u{85}']) {
            written.insert("conditions".to_owned(), json!({"ref_protected": "true", "ref": [text, "main"]}));
        }
        let file = emit::file(std::slice::from_ref(&written), &[]);
        let folder = Folder::new("export", &[("rows.yaml", &file)]);
        assert_eq!(folder.read_any().rows(), [written], "{file}");
    }
}

#[test]
fn rows_that_cannot_be_read_are_comments() {
    let broken = row(json!({"nonsense": "a\nb: 1", "binary": {"unreadable": true}}));
    let text = emit::file(&[row(json!({}))], &[broken]);
    let folder = Folder::new("comments", &[("rows.yaml", &text)]);
    assert_eq!(folder.read().unwrap().rows(), [row(json!({}))]);
    assert!(text.contains("#   nonsense: is not an attribute of a role mapping"), "{text}");
}

#[test]
fn no_attribute_of_a_row_that_cannot_be_read_ends_its_comment() {
    for end in ["\r", "\n", "\r\n", "\u{0}", "\u{85}", "\u{2028}"] {
        let name = format!("x{end}  - {{scope: gitlab.example.com, name: smuggled}}{end}# ");
        let claim = json!({"conditions": {"ref_protected": "true", &name: "x"}, &name: "y"});
        let text = emit::file(&[row(json!({}))], &[row(claim), row(json!({"enabled": "no"}))]);
        let folder = Folder::new("smuggled", &[("rows.yaml", &text)]);
        assert_eq!(folder.read_any().rows(), [row(json!({}))], "{end:?}: {text:?}");
        let plain = |one: char| one == '\n' || !(one.is_control() || one == '\u{2028}');
        assert!(text.chars().all(plain), "{text:?}");
    }
}

#[test]
fn the_same_table_gives_the_same_text_whatever_its_order() {
    let stored =
        |names: &[&str]| names.iter().map(|name| StoredRow::of(&row(json!({"name": name, "version": 3})))).collect();
    let arguments = Export { table: TableOptions::default(), dir: None, managed_by: "brevet".to_owned(), all: false };
    let text = |names: &[&str]| emit::file(&Exported::of(stored(names), &arguments).rows, &[]);
    assert_eq!(text(&["b", "a", "c"]), text(&["c", "b", "a"]));
    assert!(!text(&["a"]).contains("version"));
}
