use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context as _, ensure};
use brevet_tests::runtime_api::{Bootstrap, Invocation};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use serde_json::Value;
use tokio::time::{sleep, timeout};

use super::scene::Scene;
use crate::callgrind::{CALLGRIND, folder};
use crate::figures::Cost;
use crate::profile::Profile;

/// How long anything may take under callgrind, which is fifty times slower.
const PATIENCE: Duration = Duration::from_secs(120);

/// A built function and what it is asked.
pub(super) struct Function<'a> {
    pub(super) title: &'static str,
    pub(super) binary: &'static str,
    pub(super) program: &'a Path,
    pub(super) variables: &'static [(&'static str, &'static str)],
    pub(super) same_token: bool,
}

impl Function<'_> {
    /// The whole life of a process that answers so many requests.
    pub(super) async fn count(&self, scene: &Scene, requests: usize) -> anyhow::Result<Cost> {
        ensure!(self.program.exists(), "{} is missing: `make build` builds it", self.program.display());
        let profile = folder()?.join("request.callgrind");
        let _ = fs::remove_file(&profile);
        let mut environment = self.under_callgrind(scene, &profile).start().await?;
        for number in 0..requests {
            let event = scene.event(self.binary, if self.same_token { 0 } else { number })?;
            check(environment.invoke(event).await).with_context(|| self.title)?;
        }
        // It is stopped without being asked, as on Lambda; callgrind writes before it lets the process go.
        kill(Pid::from_raw(i32::try_from(environment.process_id())?), Signal::SIGTERM)?;
        let written = timeout(PATIENCE, written(profile)).await.context("callgrind wrote nothing")?;
        environment.stop().await;
        Ok(Profile::parse(&written)?.cost())
    }

    fn under_callgrind(&self, scene: &Scene, profile: &Path) -> Bootstrap {
        let valgrind = CALLGRIND.iter().fold(Bootstrap::new("valgrind"), |program, flag| program.argument(*flag));
        let valgrind = valgrind
            .argument(format!("--callgrind-out-file={}", profile.display()))
            .argument(self.program)
            .name(self.binary)
            .timeout(PATIENCE)
            .on_line(|_| ());
        self.variables.iter().fold(scene.settings(valgrind), |program, (name, value)| program.variable(name, *value))
    }
}

async fn written(profile: PathBuf) -> String {
    loop {
        match fs::read_to_string(&profile) {
            Ok(text) if text.contains("\ntotals: ") => return text,
            _ => sleep(Duration::from_millis(50)).await,
        }
    }
}

/// A function that refuses is quick, and not what is counted.
fn check(invocation: Invocation) -> anyhow::Result<()> {
    let answer: Value = serde_json::from_slice(&invocation.answer?)?;
    let allows = answer.pointer("/policyDocument/Statement/0/Effect").is_some_and(|effect| effect == "Allow");
    ensure!(allows || answer.get("statusCode").is_some_and(|status| *status == 200), "a wrong answer: {answer}");
    Ok(())
}
