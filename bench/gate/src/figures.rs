use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use anyhow::Context as _;
use aws_lc_rs::digest::{SHA256, digest};
use serde::{Deserialize, Serialize};

/// What each operation costs, and what that was counted with.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Figures {
    pub(crate) made_with: MadeWith,
    pub(crate) operations: BTreeMap<String, Cost>,
}

/// Instructions by whose code they are, and allocations.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Cost {
    pub(crate) own: u64,
    pub(crate) cryptography: u64,
    pub(crate) libc: u64,
    pub(crate) allocations: u64,
}

/// What may change a figure without a change of Brevet.
#[derive(Debug, Deserialize, PartialEq, Eq, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct MadeWith {
    pub(crate) rustc: String,
    pub(crate) valgrind: String,
    pub(crate) processor: String,
    /// The beginning of Cargo.lock's SHA-256.
    pub(crate) lock: String,
}

impl Figures {
    pub(crate) fn read(path: &Path) -> anyhow::Result<Self> {
        let text = std::fs::read(path).with_context(|| format!("{} cannot be read", path.display()))?;
        serde_json::from_slice(&text).with_context(|| format!("{} is not as it should be", path.display()))
    }

    pub(crate) fn write(&self, path: &Path) -> anyhow::Result<()> {
        let text = serde_json::to_string_pretty(self)? + "\n";
        std::fs::write(path, text).with_context(|| format!("{} cannot be written", path.display()))
    }
}

impl Cost {
    pub(crate) fn instructions(self) -> u64 {
        self.own + self.cryptography + self.libc
    }

    pub(crate) fn less(self, other: Self) -> Self {
        Self {
            own: self.own.saturating_sub(other.own),
            cryptography: self.cryptography.saturating_sub(other.cryptography),
            libc: self.libc.saturating_sub(other.libc),
            allocations: self.allocations.saturating_sub(other.allocations),
        }
    }

    /// Of one time among so many, to the nearest whole.
    pub(crate) fn per(self, times: usize) -> Self {
        let times = times as u64;
        let each = |all: u64| (all + times / 2) / times;
        Self {
            own: each(self.own),
            cryptography: each(self.cryptography),
            libc: each(self.libc),
            allocations: each(self.allocations),
        }
    }
}

impl MadeWith {
    /// The tools and the machine at hand.
    pub(crate) fn here() -> anyhow::Result<Self> {
        let lock = include_bytes!("../../../Cargo.lock");
        let lock = digest(&SHA256, lock).as_ref().iter().take(8).map(|byte| format!("{byte:02x}")).collect();
        Ok(Self {
            rustc: version_of("rustc")?,
            valgrind: version_of("valgrind")?,
            processor: processor().to_owned(),
            lock,
        })
    }

    /// Each thing that is not as it was then, in words.
    pub(crate) fn differences(&self, now: &Self) -> Vec<String> {
        let then_and_now = [
            ("rustc", &self.rustc, &now.rustc),
            ("valgrind", &self.valgrind, &now.valgrind),
            ("the processor", &self.processor, &now.processor),
            ("Cargo.lock", &self.lock, &now.lock),
        ];
        let different = then_and_now.into_iter().filter(|(_, then, now)| then != now);
        different.map(|(what, then, now)| format!("{what} was {then} and is {now}")).collect()
    }
}

/// Callgrind's processor is the same on every machine that has AVX2, and has no SHA instructions and no AVX-512 anywhere.
fn processor() -> &'static str {
    #[cfg(target_arch = "x86_64")]
    return if std::is_x86_feature_detected!("avx2") { "x86_64 with AVX2" } else { "x86_64" };
    #[cfg(not(target_arch = "x86_64"))]
    std::env::consts::ARCH
}

fn version_of(program: &str) -> anyhow::Result<String> {
    let output = Command::new(program).arg("--version").output();
    let output = output.with_context(|| format!("{program} cannot be started"))?;
    let text = String::from_utf8_lossy(&output.stdout);
    let line = text.lines().next().unwrap_or_default();
    Ok(line.trim_start_matches(program).trim_start_matches([' ', '-']).to_owned())
}
