use std::time::Duration;

use crate::memory::MemoryCourse;
use crate::mix::Function;
use crate::run::Run;
use crate::subject::Subject;

/// Environments come and go.
impl Run {
    /// The first environment of each function stays for the whole run, so that its memory can be judged.
    pub(crate) async fn replace(&mut self) -> anyhow::Result<()> {
        for function in [Function::Credentials, Function::Authorizer] {
            let mut of_function = self.subjects.iter().enumerate().filter(|(_, subject)| subject.function == function);
            if let Some((index, _)) = of_function.nth(1) {
                let old = self.subjects.remove(index);
                self.retire(old);
                self.start_subject(function).await?;
                self.tally.replaced += 1;
            }
        }
        Ok(())
    }

    pub(crate) async fn start_subject(&mut self, function: Function) -> anyhow::Result<()> {
        let subject = Subject::start(function, &self.options.functions, &self.world, &self.history).await?;
        self.subjects.push(subject);
        Ok(())
    }

    /// Ends an environment and takes over what it counted.
    pub(crate) fn retire(&mut self, subject: Subject) {
        self.tally.lines += subject.watch.lines();
        self.tally.fetches_allowed += fetches_allowed(subject.started_at.elapsed());
        self.tally.memory.push(MemoryCourse::of(&subject));
    }
}

/// One at the start, and another each time the cool-down of 30 s is over; times are whole seconds to the functions.
fn fetches_allowed(lifetime: Duration) -> u64 {
    1 + (lifetime.as_secs() + 1) / 30
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_environment_may_fetch_at_its_start_and_then_every_thirty_seconds() {
        for (seconds, allowed) in [(0, 1), (28, 1), (30, 2), (300, 11)] {
            assert_eq!(fetches_allowed(Duration::from_secs(seconds)), allowed, "{seconds}");
        }
    }
}
