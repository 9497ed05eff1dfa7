use anyhow::Context as _;

use crate::answer::Verdict;
use crate::expected::Proof;
use crate::mix::Request;
use crate::random::Random;
use crate::run::Run;
use crate::statistics::microseconds;
use crate::subject::Answered;
use crate::token::{Job, Token};

/// What is timed against what.
pub(crate) const PAIRS: [&str; 3] = [
    "an unknown name, and one of another project",
    "an unknown name, and one that is forbidden",
    "a stranger's: an unknown name, and one that exists",
];

/// Whether the caller is a stranger, and the two names with their codes.
const NAMES: [(bool, [(&str, &str); 2]); 3] = [
    (false, [("no-such-name", "no_mapping"), ("web-only", "no_mapping")]),
    (false, [("no-such-name", "no_mapping"), ("moved", "path_changed")]),
    (true, [("no-such-name", "token_invalid"), ("deploy", "token_invalid")]),
];

impl Run {
    /// Times pairs of requests on the first environment while the others rest: as many as are due after so many
    /// requests. Which of a pair comes first is left to chance; the token is the same, and known to the environment.
    pub(crate) async fn time_pairs(&mut self, sent: usize) -> anyhow::Result<()> {
        let due = self.options.pairs() * sent / self.options.requests.max(1);
        let mut chance = Random::new(self.options.seed ^ sent as u64);
        while self.tally.pairs_sent < due {
            self.tally.pairs_sent += 1;
            let pool = self.pools.last().context("the GitLab has a key")?;
            let token = pool.pick(Job::Payments, &mut chance).context("the pool has every job")?.clone();
            let generation = pool.generation;
            for index in 0..NAMES.len() {
                self.time_pair(index, &token, generation, &mut chance).await?;
            }
        }
        Ok(())
    }

    async fn time_pair(
        &mut self,
        index: usize,
        token: &Token,
        generation: usize,
        chance: &mut Random,
    ) -> anyhow::Result<()> {
        let (is_stranger, names) = NAMES.get(index).context("there is such a pair")?;
        let (token, proof) = if *is_stranger {
            let (claims, _) = token.text.rsplit_once('.').context("a token has a signature")?;
            (Token { text: format!("{claims}.{}", "A".repeat(342)), ..token.clone() }, Proof::Forged)
        } else {
            (token.clone(), Proof::Signed(generation))
        };
        let swapped = chance.below(2) == 1;
        let [first, second] = *names;
        // The first of the three is not counted: it makes the token known.
        let warm_up = ("frozen", if *is_stranger { "token_invalid" } else { "explicitly_denied" });
        let order = if swapped { [warm_up, second, first] } else { [warm_up, first, second] };
        let requests: anyhow::Result<Vec<Request>> =
            order.into_iter().map(|(name, code)| self.mix.ask(&token, name, code, proof)).collect();
        let mut work: Vec<_> = self.subjects.iter().map(|_| Vec::new()).collect();
        *work.first_mut().context("there is an environment")? = requests?;
        let answered = self.send(work).await?;
        // Only answers of the two kinds are compared: around a change of the key there may be others.
        let as_expected = |each: &&Answered| each.verdict == Verdict::Code(each.request.expected.code.to_owned());
        let pair = answered.iter().flatten().skip(1).filter(as_expected);
        let times: Vec<u32> = pair.map(|each| microseconds(each.duration)).collect();
        self.judge(answered).await;
        if let ([one, other], Some((first, second))) = (times.as_slice(), self.tally.pairs.get_mut(index)) {
            first.push(if swapped { *other } else { *one });
            second.push(if swapped { *one } else { *other });
        }
        Ok(())
    }
}
