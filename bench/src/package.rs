use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context as _, ensure};
use serde::{Deserialize, Serialize};

use crate::paths::in_repository;

/// What is uploaded to Lambda for a function. The managed runtimes bring their own interpreter, runtime client and AWS SDK.
#[derive(Clone, Debug)]
pub(crate) struct Package(pub(crate) Vec<PathBuf>);

/// Its size, as it is and as a zip file.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct PackageSize {
    pub(crate) bytes: u64,
    pub(crate) zip_bytes: u64,
}

impl Package {
    pub(crate) fn size(&self) -> anyhow::Result<PackageSize> {
        for path in &self.0 {
            ensure!(
                path.exists(),
                "{} is not there: `make bench` builds and installs what is measured",
                path.display()
            );
        }
        let script = in_repository("bench/peers/zip_size.py");
        let output = Command::new(python()).arg(script).args(&self.0).output().context("python cannot be started")?;
        ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        Ok(serde_json::from_slice(&output.stdout)?)
    }
}

/// The Python that the Python peers run on.
pub(crate) fn python() -> PathBuf {
    in_repository(".tools/bench/bin/python")
}

/// Where the packages of that Python are.
pub(crate) fn site_packages() -> anyhow::Result<PathBuf> {
    let lib = in_repository(".tools/bench/lib");
    let mut versions = std::fs::read_dir(&lib).with_context(|| format!("{}: run `make bench`", lib.display()))?;
    let version = versions.next().context("the Python of the peers has a library")??;
    Ok(version.path().join("site-packages"))
}
