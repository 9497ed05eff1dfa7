use std::time::Duration;

use brevet_mapping_store::{EditError, StoreUnavailable};

use crate::output;

/// After the SDK has tried again by itself. A burst of other work is over by then, or somebody has to look.
const PAUSES: [u64; 5] = [1, 2, 5, 10, 20];

/// Whether waiting may help.
pub(crate) trait MayPass {
    fn may_pass(&self) -> bool;
}

impl MayPass for StoreUnavailable {
    fn may_pass(&self) -> bool {
        *self == Self::Throttled
    }
}

impl MayPass for EditError {
    fn may_pass(&self) -> bool {
        *self == Self::Unavailable(StoreUnavailable::Throttled)
    }
}

/// Tries until it works, the table is throttled for too long, or something else is wrong.
pub(crate) async fn patiently<T, E: MayPass>(attempt: impl AsyncFn() -> Result<T, E>) -> Result<T, E> {
    for pause in PAUSES {
        match attempt().await {
            Err(fault) if fault.may_pass() => {
                output::say(&format!("brevet: the table is throttled; going on in {pause} s"));
                tokio::time::sleep(Duration::from_secs(pause)).await;
            }
            outcome => return outcome,
        }
    }
    attempt().await
}
