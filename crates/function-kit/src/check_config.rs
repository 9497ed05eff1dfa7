use std::io::Write as _;
use std::process::ExitCode;

use crate::settings::SettingsFaults;

/// Whether the process was started as `bootstrap check-config`: to say if this environment would do, and no more.
pub fn is_config_check() -> bool {
    std::env::args().nth(1).as_deref() == Some("check-config")
}

/// Says it: a sentence and 0, or every fault on a line of its own and 1.
pub fn check_config(settings: Result<(), SettingsFaults>) -> std::io::Result<ExitCode> {
    match settings {
        Ok(()) => {
            writeln!(std::io::stdout(), "configuration accepted")?;
            Ok(ExitCode::SUCCESS)
        }
        Err(faults) => {
            writeln!(std::io::stderr(), "{faults}")?;
            Ok(ExitCode::FAILURE)
        }
    }
}
