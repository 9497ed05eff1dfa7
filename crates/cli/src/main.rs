//! Entry point of `brevet`.

use std::process::ExitCode;

use brevet_cli::{CommandLine, Environment, run};

fn main() -> ExitCode {
    let command_line = match CommandLine::read() {
        Ok(command_line) => command_line,
        Err(exit_code) => return exit_code.into(),
    };
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(_) => return ExitCode::FAILURE,
    };
    let exit_code = runtime.block_on(run(command_line, Environment::of_this_process()));
    // A look-up of a name may hang in a thread of its own; nobody waits for it.
    runtime.shutdown_background();
    exit_code.into()
}
