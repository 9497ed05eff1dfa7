use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, ensure};

use crate::counted::{COUNTED, TIMES};
use crate::figures::Cost;
use crate::operation::{ALL, Operation};
use crate::profile::Profile;
use crate::world::World;

/// Callgrind, writing in the way that [`Profile`] reads.
pub(crate) const CALLGRIND: [&str; 3] = ["--tool=callgrind", "--compress-strings=no", "--compress-pos=no"];

/// Every operation in a process of its own.
pub(crate) fn count_all() -> anyhow::Result<BTreeMap<String, Cost>> {
    let folder = folder()?;
    let world = folder.join("world.json");
    World::new()?.write(&world)?;
    let count = |operation: &Operation| {
        eprintln!("counting: {}", operation.does);
        let cost = count(operation, &world, &folder).with_context(|| format!("`{}`", operation.name))?;
        Ok((operation.name.to_owned(), cost))
    };
    ALL.iter().map(count).collect()
}

/// Where profiles are left, for `callgrind_annotate`.
pub(crate) fn folder() -> anyhow::Result<PathBuf> {
    let folder = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../target/gate"));
    fs::create_dir_all(&folder)?;
    Ok(folder)
}

fn count(operation: &Operation, world: &Path, folder: &Path) -> anyhow::Result<Cost> {
    let profile = folder.join(format!("{}.callgrind", operation.name));
    let output = Command::new("valgrind")
        .args(CALLGRIND)
        .args([format!("--zero-before={COUNTED}"), format!("--dump-after={COUNTED}")])
        .arg(format!("--callgrind-out-file={}", profile.display()))
        .arg(env::current_exe()?)
        .args(["operation", operation.name])
        .arg(world)
        .output()
        .context("valgrind cannot be started (Debian: apt-get install valgrind)")?;
    ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    // The first dump. The second has the rest of the process's life.
    let counted = fs::read_to_string(profile.with_extension("callgrind.1")).context("callgrind wrote no dump")?;
    Ok(Profile::parse(&counted)?.cost().per(TIMES))
}
