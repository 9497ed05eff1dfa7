use std::time::Instant;

use anyhow::Context as _;
use brevet_tests::aws::Fault;
use brevet_tests::gitlab::Outage;

use crate::oracle::Trouble;
use crate::run::Run;
use crate::schedule::Step;

/// What happens around the functions.
impl Run {
    pub(crate) async fn step(&mut self, step: Step) -> anyhow::Result<()> {
        match step {
            Step::Rotate => {
                self.world.gitlab.instance().rotate().context("memory can be written")?;
                self.history.generation += 1;
                self.history.changed_at = Some(Instant::now());
                self.tally.rotations += 1;
                self.sign_pool();
            }
            Step::Down(outage) => {
                self.world.gitlab.set_outage(outage);
                self.history.down = true;
                self.tally.outages += 1;
            }
            Step::Up => {
                self.world.gitlab.set_outage(Outage::Up);
                self.history.down = false;
                self.history.changed_at = Some(Instant::now());
            }
            Step::Replace => self.replace().await?,
        }
        Ok(())
    }

    /// Now and then a service fails for a few requests, each time in another way.
    pub(crate) fn start_trouble(&mut self, chunk: usize) {
        let aws = &self.world.aws;
        let rows = |fault: Fault, code| {
            for operation in ["BatchGetItem", "Query"] {
                aws.fail(operation, fault.clone());
            }
            Trouble::Rows(code)
        };
        let sts = |fault, code| {
            aws.fail("AssumeRole", fault);
            Trouble::Sts(code)
        };
        self.trouble = match chunk % 200 {
            25 => rows(Fault::Throttle, "mappings_unavailable"),
            50 => sts(Fault::Throttle, "throttled"),
            75 => rows(Fault::Internal, "mappings_unavailable"),
            100 => sts(Fault::Internal, "sts_unavailable"),
            125 => rows(Fault::Garbage, "mappings_unavailable"),
            150 => sts(Fault::Garbage, "sts_unavailable"),
            175 => rows(Fault::Unprocessed, "mappings_unavailable"),
            _ => Trouble::None,
        };
        self.tally.troubles += usize::from(self.trouble != Trouble::None);
    }

    pub(crate) fn end_trouble(&mut self) {
        self.world.aws.mend();
        self.trouble = Trouble::None;
    }
}
