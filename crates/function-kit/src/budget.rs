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

/// SDKs wait one to two seconds. What is left of the second after this is for a last refund and for the way back.
const REQUEST: Duration = Duration::from_millis(1_600);

impl Budget {
    /// The budget of a request that begins now.
    pub fn of_request() -> Self {
        Self(Instant::now() + REQUEST)
    }

    /// Runs a step with what is left.
    pub async fn run<T>(self, step: impl Future<Output = T>) -> Result<T, OutOfTime> {
        tokio::time::timeout_at(self.0, step).await.map_err(|_| OutOfTime)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_step_that_hangs_is_cut_off_when_the_whole_time_is_spent() {
        let budget = Budget::of_request();
        assert_eq!(budget.run(tokio::time::sleep(Duration::from_millis(1_000))).await, Ok(()));
        let before = Instant::now();
        assert_eq!(budget.run(std::future::pending::<()>()).await, Err(OutOfTime));
        assert_eq!(before.elapsed(), Duration::from_millis(600));
    }
}
