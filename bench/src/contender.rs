use anyhow::{Context as _, bail};
use brevet_tests::runtime_api::{Bootstrap, Invocation};
use serde_json::Value;

use crate::package::Package;

/// A function that is measured.
#[derive(Clone, Debug)]
pub(crate) struct Contender {
    /// Its key in the results.
    pub(crate) name: &'static str,
    pub(crate) title: &'static str,
    pub(crate) bootstrap: Bootstrap,
    /// How many warm invocations of each kind a round has.
    pub(crate) warm: usize,
    pub(crate) answers: Answers,
    pub(crate) package: Package,
}

/// What a right answer is. A function that refuses is quick, and not what is measured.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Answers {
    Anything,
    /// An IAM policy that allows.
    Policy,
    /// A response of status 200 with credentials.
    Credentials,
}

impl Answers {
    pub(crate) fn check(self, invocation: Invocation) -> anyhow::Result<()> {
        let answer = invocation.answer?;
        let parsed: Value = serde_json::from_slice(&answer)?;
        let right = match self {
            Self::Anything => true,
            Self::Policy => parsed.pointer("/policyDocument/Statement/0/Effect") == Some(&Value::from("Allow")),
            Self::Credentials => credentials(&parsed).is_some(),
        };
        if !right {
            bail!("a wrong answer: {}", String::from_utf8_lossy(&answer));
        }
        Ok(())
    }
}

fn credentials(answer: &Value) -> Option<String> {
    answer.get("statusCode").filter(|status| **status == 200)?;
    let body: Value = serde_json::from_str(answer.get("body")?.as_str()?).ok()?;
    body.get("SecretAccessKey")?.as_str().map(str::to_owned)
}

impl Contender {
    /// Says whose answer it was when something is wrong with it.
    pub(crate) fn check(&self, invocation: Invocation) -> anyhow::Result<()> {
        self.answers.check(invocation).with_context(|| self.title)
    }
}
