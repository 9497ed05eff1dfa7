use std::fs;

use anyhow::Context as _;
use brevet_tests::gitlab::now;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

/// When, where and how a section was measured.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Measured {
    pub(crate) date: String,
    pub(crate) command: String,
    pub(crate) processor: String,
    pub(crate) cores: usize,
    pub(crate) memory_gb: f64,
    pub(crate) kernel: String,
    /// What others were doing on the machine when it was over: the load average of the last minute.
    pub(crate) load: String,
}

impl Measured {
    pub(crate) fn now() -> anyhow::Result<Self> {
        let processors = fs::read_to_string("/proc/cpuinfo")?;
        let memory = fs::read_to_string("/proc/meminfo")?;
        let field = |text: &str, name: &str| {
            let line = text.lines().find(|line| line.starts_with(name))?;
            Some(line.split_once(':')?.1.trim().to_owned())
        };
        let kibibytes = field(&memory, "MemTotal").and_then(|text| text.split(' ').next()?.parse::<f64>().ok());
        let arguments: Vec<String> = std::env::args().skip(1).collect();
        Ok(Self {
            date: OffsetDateTime::from_unix_timestamp(now())?.date().to_string(),
            command: format!("bench {}", arguments.join(" ")),
            processor: field(&processors, "model name").unwrap_or_else(|| std::env::consts::ARCH.to_owned()),
            cores: std::thread::available_parallelism()?.get(),
            memory_gb: (kibibytes.context("the machine has memory")? / 1024.0 / 1024.0).round(),
            kernel: fs::read_to_string("/proc/sys/kernel/osrelease")?.trim().to_owned(),
            load: fs::read_to_string("/proc/loadavg")?.split(' ').next().unwrap_or_default().to_owned(),
        })
    }
}
