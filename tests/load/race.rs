use anyhow::Context as _;

use crate::expected::Proof;
use crate::mix::{Function, Request};
use crate::run::Run;
use crate::subject::Answered;
use crate::token::{Job, signed};
use crate::world::{LEDGER, ONCE};

impl Run {
    /// Sends tokens that may be used once to every environment of `credentials` at the same moment: as many as are due
    /// after so many requests.
    pub(crate) async fn race(&mut self, sent: usize) -> anyhow::Result<()> {
        let due = self.options.races() * sent / self.options.requests.max(1);
        while self.tally.races < due {
            self.tally.races += 1;
            self.race_once().await?;
        }
        // Nobody uses these tokens again, and the fake table is searched from its beginning.
        self.world.aws.empty_table(LEDGER);
        Ok(())
    }

    async fn race_once(&mut self) -> anyhow::Result<()> {
        let gitlab = &self.world.gitlab;
        let token = signed(&Job::Payments.token(gitlab), &gitlab.instance().ci_key());
        let proof = Proof::Signed(self.history.generation);
        let mut work: Vec<Vec<Request>> = Vec::new();
        for subject in &self.subjects {
            work.push(match subject.function {
                Function::Credentials => vec![self.mix.ask(&token, ONCE, "granted", proof)?],
                Function::Authorizer => Vec::new(),
            });
        }
        // Once more afterwards, to whoever was first in line.
        let again = self.mix.ask(&token, ONCE, "token_already_used", proof)?;
        let answered = self.send(work).await?;
        let mut codes = Vec::new();
        let (mut slow, mut certain) = (false, true);
        for (subject, answered) in self.subjects.iter_mut().zip(&answered) {
            let audited = subject.audited(answered, &mut self.tally).await;
            self.tally.count(subject.function, &audited, answered);
            codes.extend(audited.into_values());
            slow |= answered.iter().any(Answered::is_slow);
            certain &= answered.is_empty() || subject.knowledge.is_certain_of(&self.history);
        }
        let count = |code: &str| codes.iter().filter(|each| *each == code).count();
        let (winners, losers) = (count("granted"), count("token_already_used"));
        let fair = winners == 1 && winners + losers == codes.len();
        if winners > 1 || (certain && !slow && !fair) {
            self.tally.wrong(format!("a token for one use was answered with {codes:?}"));
        }
        self.tally.decided_races += usize::from(fair);
        if winners == 1 {
            let first = self.subjects.first_mut().context("there is an environment")?;
            let answered = [first.send(again).await];
            let codes = first.audited(&answered, &mut self.tally).await;
            self.tally.count(first.function, &codes, &answered);
            if codes.values().any(|code| code == "granted") {
                self.tally.wrong("a token for one use was used again".to_owned());
            }
        }
        Ok(())
    }
}
