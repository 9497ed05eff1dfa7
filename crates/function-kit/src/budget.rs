use std::future::Future;
use std::time::Duration;

use tokio::time::Instant;

/// The time a request may take. SDKs give up on a credential endpoint after one to two seconds, so an answer that says
/// "try again" in time is worth more than the right one too late.
#[derive(Clone, Copy, Debug)]
pub struct Budget(Instant);

/// The budget ran out before the future was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OutOfTime;

impl Budget {
    /// Starts now.
    pub fn starting_now(length: Duration) -> Self {
        Self(Instant::now() + length)
    }

    /// Runs a step with what is left.
    pub async fn run<T>(self, step: impl Future<Output = T>) -> Result<T, OutOfTime> {
        tokio::time::timeout_at(self.0, step).await.map_err(|_| OutOfTime)
    }

    /// What is left.
    pub fn left(self) -> Duration {
        self.0.saturating_duration_since(Instant::now())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_step_that_hangs_is_cut_off_when_the_whole_time_is_spent() {
        let budget = Budget::starting_now(Duration::from_millis(1_800));
        assert_eq!(budget.run(tokio::time::sleep(Duration::from_millis(1_000))).await, Ok(()));
        let before = Instant::now();
        assert_eq!(budget.run(std::future::pending::<()>()).await, Err(OutOfTime));
        assert_eq!(before.elapsed(), Duration::from_millis(800));
        assert_eq!(budget.left(), Duration::ZERO);
    }
}
