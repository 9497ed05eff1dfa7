use std::path::PathBuf;
use std::process::Stdio;

use anyhow::{Context as _, ensure};
use brevet_tests::gitlab::DEFAULT_AUDIENCE;
use serde_json::{Value, json};
use tokio::io::AsyncWriteExt as _;
use tokio::process::Command;

use crate::sample::Sample;
use crate::summary::percentile;
use crate::world::World;

/// The library's own price of a verification, without any function around it.
#[derive(Debug)]
pub(crate) struct Bare {
    program: PathBuf,
    work: Value,
}

impl Bare {
    pub(crate) fn new(program: PathBuf, world: &World, tokens: &[String]) -> anyhow::Result<Self> {
        let issuer = world.gitlab.issuer();
        let work =
            json!({"key": world.signing_key()?, "issuer": issuer, "audience": DEFAULT_AUDIENCE, "tokens": tokens});
        Ok(Self { program, work })
    }

    /// Verifies each token once in a process of its own.
    pub(crate) async fn sample(&self) -> anyhow::Result<Sample> {
        let shown = self.program.display();
        let mut child = Command::new(&self.program)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .with_context(|| format!("{shown} cannot be started: `make bench` builds it"))?;
        let mut input = child.stdin.take().context("it reads")?;
        input.write_all(self.work.to_string().as_bytes()).await?;
        drop(input);
        let output = child.wait_with_output().await?;
        ensure!(output.status.success(), "{shown} failed");
        let nanoseconds: Vec<f64> = serde_json::from_slice(&output.stdout)?;
        let mut microseconds: Vec<f64> = nanoseconds.iter().map(|each| each / 1e3).collect();
        let taken =
            [50.0, 99.0].map(|percent| (format!("verification_p{percent}_us"), percentile(&mut microseconds, percent)));
        Ok(Sample(taken.into()))
    }
}
