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

/// How long anything may take under callgrind, which is fifty times slower.
const PATIENCE: Duration = Duration::from_secs(120);

/// So many first requests may run out of Brevet's own time, because valgrind translates code when it is first run.
const TRANSLATING: usize = 5;

/// A built function and what it is asked.
pub(crate) struct Function<'a> {
    pub(crate) title: &'static str,
    pub(crate) binary: &'static str,
    pub(crate) program: &'a Path,
    pub(crate) variables: &'static [(&'static str, &'static str)],
    pub(crate) same_token: bool,
}

impl Function<'_> {
    /// What callgrind writes of the whole life of a process that answers so many requests.
    pub(crate) async fn watch(&self, scene: &Scene, requests: usize, flags: &[&str]) -> anyhow::Result<String> {
        ensure!(self.program.exists(), "{} is missing: `make` builds it", self.program.display());
        let profile = folder()?.join("request.callgrind");
        let _ = fs::remove_file(&profile);
        let mut environment = self.under_callgrind(scene, &profile, flags).start().await?;
        for number in 0..requests {
            let event = scene.event(self.binary, if self.same_token { 0 } else { number })?;
            let checked = check(environment.invoke(event).await);
            if number >= TRANSLATING {
                checked.with_context(|| self.title)?;
            }
        }
        // It is stopped without being asked, as on Lambda; callgrind writes before it lets the process go.
        kill(Pid::from_raw(i32::try_from(environment.process_id())?), Signal::SIGTERM)?;
        let written = timeout(PATIENCE, written(profile)).await.context("callgrind wrote nothing")?;
        environment.stop().await;
        Ok(written)
    }

    fn under_callgrind(&self, scene: &Scene, profile: &Path, flags: &[&str]) -> Bootstrap {
        let flags = CALLGRIND.iter().chain(flags);
        let valgrind = flags.fold(Bootstrap::new("valgrind"), |program, flag| program.argument(*flag));
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
