use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::Context as _;
use serde_json::Value;

use crate::package::python;
use crate::paths::in_repository;

/// Name and version of everything that is measured.
pub(crate) type Versions = BTreeMap<String, String>;

const CRATES: [&str; 6] = ["aws-lc-rs", "aws-sdk-dynamodb", "aws-sdk-sts", "jsonwebtoken", "lambda_runtime", "rustls"];

/// Of the tools, and of what the lock files pin.
pub(crate) fn all() -> anyhow::Result<Versions> {
    let mut all = Versions::new();
    let tools = [(Path::new("rustc"), "rustc"), (Path::new("node"), "Node.js"), (&python(), "Python")];
    for (program, name) in tools {
        let output = Command::new(program).arg("--version").output();
        let output = output.with_context(|| format!("{} cannot be started", program.display()))?;
        let text = String::from_utf8_lossy(&output.stdout);
        let version = text.split_whitespace().find(|word| word.contains('.')).unwrap_or("?");
        all.insert(name.to_owned(), version.trim_start_matches('v').to_owned());
    }
    all.extend(crates()?);
    all.extend(node_packages()?);
    all.extend(python_packages()?);
    Ok(all)
}

fn crates() -> anyhow::Result<Versions> {
    let lock = fs::read_to_string(in_repository("Cargo.lock"))?;
    let version = |name: &str| {
        let (_, rest) = lock.split_once(&format!("name = \"{name}\"\nversion = \""))?;
        Some((format!("{name} (crate)"), rest.split('"').next()?.to_owned()))
    };
    Ok(CRATES.into_iter().filter_map(version).collect())
}

fn node_packages() -> anyhow::Result<Versions> {
    let lock: Value = serde_json::from_str(&fs::read_to_string(in_repository("bench/peers/node/package-lock.json"))?)?;
    let asked = lock.pointer("/packages//dependencies").and_then(Value::as_object);
    let named = |(name, version): (&String, &Value)| Some((format!("{name} (npm)"), version.as_str()?.to_owned()));
    Ok(asked.into_iter().flatten().filter_map(named).collect())
}

fn python_packages() -> anyhow::Result<Versions> {
    let list = fs::read_to_string(in_repository("bench/peers/python/requirements.in"))?;
    let pinned = list.lines().filter_map(|line| line.split_once("=="));
    Ok(pinned.map(|(name, version)| (format!("{name} (PyPI)"), version.to_owned())).collect())
}
