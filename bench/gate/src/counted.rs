use std::hint::black_box;

/// How often an operation is done while it is counted; figures are per time.
pub(crate) const TIMES: usize = 10;

/// What callgrind is told to count: this function and all that it calls, and nothing of the preparations.
pub(crate) const COUNTED: &str = "gate::counted::repeat";

/// Does the operation once uncounted, for whatever is made ready on first use, and then [`TIMES`] times. It is told which
/// time this is, from zero.
pub(crate) fn counted(mut operation: impl FnMut(usize) -> anyhow::Result<()>) -> anyhow::Result<()> {
    operation(0)?;
    let done = repeat(&mut operation);
    // With something to do after it, the call is no jump, and callgrind sees it return.
    black_box(done)
}

#[inline(never)]
fn repeat(operation: &mut dyn FnMut(usize) -> anyhow::Result<()>) -> anyhow::Result<()> {
    (1..=TIMES).try_for_each(operation)
}
