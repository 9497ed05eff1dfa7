//! Arrows point inwards: the import table in `architecture.json`, held against what cargo says.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use cargo_metadata::{DependencyKind, Metadata, MetadataCommand, Package};
use serde::Deserialize;

/// What every workspace member may and may not use.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Rules {
    /// The workspace members a member imports: these and no others.
    imports: BTreeMap<String, BTreeSet<String>>,
    /// Crates that must not be reachable, by name or by the beginning of one that ends in `-`.
    never_links: BTreeMap<String, Vec<String>>,
    /// Crates, or features of crates (`tokio/net`), that must not be in the manifest.
    never_asks_for: BTreeMap<String, Vec<String>>,
    /// Text that must not be in the sources: clocks, environments and files a pure crate has no business with.
    never_says: BTreeMap<String, Vec<String>>,
}

fn rules() -> Rules {
    serde_json::from_str(include_str!("architecture.json")).expect("the import table can be read")
}

fn metadata() -> Metadata {
    MetadataCommand::new()
        .manifest_path(concat!(env!("CARGO_MANIFEST_DIR"), "/../Cargo.toml"))
        .other_options(vec!["--offline".to_owned()])
        .exec()
        .expect("cargo describes the workspace")
}

fn member<'a>(metadata: &'a Metadata, name: &str) -> &'a Package {
    let found = metadata.workspace_packages().into_iter().find(|package| package.name.as_str() == name);
    found.unwrap_or_else(|| panic!("the import table has `{name}`, the workspace does not"))
}

fn what_ships(package: &Package) -> impl Iterator<Item = &cargo_metadata::Dependency> {
    package.dependencies.iter().filter(|dependency| dependency.kind != DependencyKind::Development)
}

#[test]
fn members_import_what_the_table_says_and_nothing_else() {
    let metadata = metadata();
    let members: BTreeSet<_> = metadata.workspace_packages().iter().map(|package| package.name.to_string()).collect();
    let actual: BTreeMap<String, BTreeSet<String>> = metadata
        .workspace_packages()
        .iter()
        .map(|package| {
            let imports = what_ships(package).map(|dependency| dependency.name.clone());
            (package.name.to_string(), imports.filter(|name| members.contains(name)).collect())
        })
        .collect();
    assert_eq!(actual, rules().imports, "left: the manifests; right: the import table");
}

#[test]
fn no_forbidden_crate_is_reachable() {
    for (name, forbidden) in rules().never_links {
        let linked = reachable(&name);
        assert!(linked.contains("serde"), "`{name}` reaches nothing at all, which nobody believes");
        for linked in linked {
            let hit =
                forbidden.iter().find(|rule| linked == **rule || rule.ends_with('-') && linked.starts_with(*rule));
            assert_eq!(hit, None, "`{name}` reaches `{linked}`");
        }
    }
}

#[test]
fn no_manifest_asks_for_what_its_crate_must_not_have() {
    let metadata = metadata();
    for (name, forbidden) in rules().never_asks_for {
        for dependency in what_ships(member(&metadata, &name)) {
            let features = dependency.features.iter().map(|feature| format!("{}/{feature}", dependency.name));
            for asked in features.chain([dependency.name.clone()]) {
                assert!(!forbidden.contains(&asked), "`{name}` asks for `{asked}`");
            }
        }
    }
}

#[test]
fn pure_crates_read_no_clock_no_environment_and_no_file() {
    let metadata = metadata();
    for (name, forbidden) in rules().never_says {
        let manifest = member(&metadata, &name).manifest_path.as_std_path();
        for path in sources(&manifest.with_file_name("src")) {
            let text = fs::read_to_string(&path).expect("a source file can be read");
            for words in &forbidden {
                assert!(!text.contains(words), "{} says `{words}`", path.display());
            }
        }
    }
}

/// Names of all crates the package is built from. `cargo tree` knows which features are really on; the graph in
/// `cargo metadata` has every crate that some feature could bring.
fn reachable(name: &str) -> BTreeSet<String> {
    let output = Command::new(env!("CARGO"))
        .args(["tree", "--offline", "--edges", "normal", "--prefix", "none", "--format", "{p}", "--package", name])
        .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
        .output()
        .expect("cargo can be run");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let listed = String::from_utf8(output.stdout).expect("crates have plain names");
    listed.lines().filter_map(|line| line.split(' ').next()).map(str::to_owned).collect()
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("a crate has sources") {
        let path = entry.expect("the folder can be read").path();
        // Test support may look at the clock: it is not what ships.
        let is_test_support = path.file_stem().is_some_and(|stem| stem == "test_support" || stem == "tests");
        match path.extension() {
            _ if is_test_support => {}
            None => found.extend(sources(&path)),
            Some(extension) if extension == "rs" => found.push(path),
            Some(_) => {}
        }
    }
    found
}
