//! Where the log of a step goes.

use clap::Args;

/// The log of the command, in CloudWatch Logs.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Log")]
pub struct Log {
    /// Log the command and its output to this group of CloudWatch Logs; without a log nothing runs
    /// [default: BREVET_LOG_GROUP]
    #[arg(long, value_name = "NAME")]
    pub log_group: Option<String>,

    /// Region of the log group [default: AWS_REGION, then AWS_DEFAULT_REGION]
    #[arg(long, value_name = "REGION")]
    pub log_region: Option<String>,

    /// How long the rest of the log may take after the command is over
    #[arg(long, value_name = "SECONDS", default_value_t = 30, value_parser = clap::value_parser!(u64).range(0..=3_600))]
    pub log_flush_seconds: u64,
}
