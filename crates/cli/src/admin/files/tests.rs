use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::*;

/// A directory of its own for each test, gone afterwards.
pub(crate) struct Folder(PathBuf);

impl Folder {
    pub(crate) fn new(name: &str, files: &[(&str, &str)]) -> Self {
        let folder = std::env::temp_dir().join(format!("brevet-files-{}-{name}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        for (file, text) in files {
            let path = folder.join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        Self(folder)
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    pub(crate) fn read(&self) -> Result<FileRows, Trouble> {
        FileRows::read_valid(std::slice::from_ref(&self.0))
    }

    pub(crate) fn read_any(&self) -> FileRows {
        FileRows::read(std::slice::from_ref(&self.0)).unwrap()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// What is said about a file, without the name of its directory.
fn refusal(name: &str, text: &str) -> Vec<String> {
    let folder = Folder::new(name, &[("a.yaml", text)]);
    let faults = folder.read().unwrap_err().faults().to_vec();
    let path = folder.0.join("a.yaml").display().to_string();
    faults.iter().map(|fault| fault.to_string().replace(&path, "a.yaml")).collect()
}

const ROW: &str = "scope: gitlab.example.com/project/4711\nname: deploy\nrole_arn: arn:aws:iam::111122223333:role/brevet/x\nconditions: {ref_protected: true}\n";

#[test]
fn tells_line_and_column_of_everything_that_is_no_yaml_or_no_row() {
    let cases = [
        ("a: 1\n b: [\n", "a.yaml:2:3: this is not YAML"),
        (
            "mappings:\n  - scope: x\n\tname: y\n",
            "a.yaml:2:12: this is not YAML: while scanning a plain scalar, found a tab",
        ),
        ("a: \"open\n", "a.yaml:1:4: this is not YAML"),
        ("just words\n", "a.yaml:1:1: a file has rows"),
        ("mappings: 4\n", "a.yaml:1:11: `mappings` must be a list"),
        ("mappings: []\nmore: 1\n", "a.yaml:2:1: `more` has no place beside `mappings`"),
        ("- 1\n", "a.yaml:1:3: a row must be a map"),
        ("a: &x 1\nb: *x\n", "a.yaml:1:4: anchors"),
        ("a: !!binary aGk=\n", "a.yaml:1:4: tags"),
        ("name: a\nscope: b\nname: c\n", "a.yaml:3:1: `name` is here twice; first in line 1"),
        ("? [a]\n: 1\n", "a.yaml:1:3: the name of a member must be text"),
    ];
    for (text, expected) in cases {
        let told = refusal("shape", text);
        assert!(told.len() == 1 && told[0].starts_with(expected), "{text:?}: {told:?}");
    }
}

#[test]
fn tells_every_fault_of_every_row_at_once_with_the_name_that_was_meant() {
    let text = "\
mappings:
  - scope: gitlab.example.com/project/4711
    name: deploy
    role_arm: arn:aws:iam::111122223333:role/brevet/x
    role_arn: arn:aws:iam::111122223333:role/brevet/x
    conditions:
      ref_protected: true
      pipline_source: [push, push]
      ref: [main, 'a[b']
  - scope: gitlab.example.com/project/4711
    name: deploy
    role_arn: arn:aws:iam::111122223333:role/brevet/x
    conditions: {ref_protected: true}
    version: 7
    enabled: yes
";
    let told = refusal("faults", text);
    for expected in [
        "a.yaml:4:5: `role_arm` is not an attribute of a role mapping; did you mean `role_arn`?",
        "a.yaml:8:7: `conditions.pipline_source` is not a claim of a GitLab ID token; did you mean `pipeline_source`?",
        "a.yaml:14:5: `version` is written by `brevet mappings apply`: leave it out",
        "a.yaml:15:5: `enabled` must be a boolean (BOOL), not the word for it",
        "a.yaml:10:5: the row `deploy` of `gitlab.example.com/project/4711` is there already: a.yaml:2:5",
    ] {
        assert!(told.iter().any(|fault| fault == expected), "{expected}: {told:#?}");
    }
}

#[test]
fn names_both_files_of_a_row_that_is_there_twice() {
    let folder =
        Folder::new("twice", &[("a.yaml", ROW), ("sub/b.yml", ROW), (".hidden.yaml", "- 1"), ("c.txt", "- 1")]);
    let faults = folder.read().unwrap_err().faults().to_vec();
    let told = faults[0].to_string();
    assert!(faults.len() == 1 && told.contains("b.yml:1:1") && told.ends_with("a.yaml:1:1"), "{told}");
}

#[test]
fn refuses_an_empty_file_unless_it_says_that_this_is_meant() {
    for text in ["", "\n", "# all gone\n"] {
        assert!(refusal("emptied", text).concat().contains("mappings: []"), "{text:?}");
    }
    assert_eq!(Folder::new("empty-on-purpose", &[("rows.yaml", "mappings: []")]).read().unwrap().rows().len(), 0);
}

#[test]
fn refuses_a_link_to_a_directory() {
    let folder = Folder::new("link", &[("rows.yaml", "mappings: []")]);
    std::os::unix::fs::symlink("/tmp", folder.0.join("more")).unwrap();
    assert!(folder.read().is_err());
}

#[test]
fn refuses_what_is_not_there_or_no_text() {
    let missing = FileRows::read(&[PathBuf::from("/nowhere/mappings")]).unwrap_err();
    assert_eq!((missing.code(), missing.exit_code()), ("files_unreadable", 2));
    let folder = Folder::new("empty", &[("a.txt", "")]);
    assert_eq!(folder.read().unwrap_err().code(), "files_unreadable");
    fs::write(folder.0.join("a.yaml"), [0xff, 0xfe]).unwrap();
    assert_eq!(folder.read().unwrap_err().code(), "files_unreadable");
}

#[test]
fn reads_rows_as_documents_as_lists_and_below_mappings() {
    let list: String = format!("- {}", ROW.trim_end().replace('\n', "\n  "));
    let below = format!("mappings:\n  {}\n", list.replace('\n', "\n  "));
    for text in [format!("# first\n---\n{ROW}---\n# nothing\n"), list, below] {
        let folder = Folder::new("forms", &[("a.yaml", &text)]);
        assert_eq!(folder.read().unwrap().rows().len(), 1, "{text}");
    }
}

#[test]
fn takes_values_of_conditions_as_they_are_written() {
    let text = ROW.replace("{ref_protected: true}", "{ref_protected: true, ref: [1.10, 007, no], project_id: 4711}");
    let folder = Folder::new("words", &[("a.yaml", &text)]);
    let conditions = folder.read().unwrap().rows()[0]["conditions"].clone();
    assert_eq!(conditions, json!({"ref_protected": "true", "ref": ["1.10", "007", "no"], "project_id": "4711"}));
    assert_eq!(refusal("null", &ROW.replace("true}", "true, ref: }")).len(), 1);
}

#[test]
fn finds_the_place_of_what_is_inside_an_attribute() {
    let text = ROW.replace("{ref_protected: true}", "\n  ref_protected: true\n  ref:\n    - main\n    - b");
    let folder = Folder::new("places", &[("a.yaml", &text)]);
    let rows = folder.read().unwrap();
    let row = rows.iter().next().unwrap();
    let line = |attribute: &str| row.place_of(attribute).line;
    assert_eq!(["conditions.ref[1]", "conditions.ref", "conditions", "enabled"].map(line), [8, 6, 4, 1]);
    assert_eq!(row.row()["name"], Value::from("deploy"));
}
