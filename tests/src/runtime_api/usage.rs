use std::fs;
use std::io;
use std::time::Duration;

/// What a process has taken of the machine so far, from `/proc`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    /// Memory it has now (`VmRSS`), in bytes.
    pub resident: u64,
    /// The most it ever had (`VmHWM`), in bytes.
    pub peak: u64,
    /// Time on a processor, its own and the kernel's for it, in steps of ten milliseconds.
    pub cpu: Duration,
}

/// Linux counts processor time in hundredths of a second towards programs, whatever the kernel's own clock does.
const TICKS_PER_SECOND: u64 = 100;

impl Usage {
    /// Of a running process; an error once it is gone.
    pub(super) fn of(process: u32) -> io::Result<Self> {
        let status = fs::read_to_string(format!("/proc/{process}/status"))?;
        let stat = fs::read_to_string(format!("/proc/{process}/stat"))?;
        let gone = || io::Error::from(io::ErrorKind::NotFound);
        Ok(Self {
            resident: kibibytes(&status, "VmRSS:").ok_or_else(gone)? * 1024,
            peak: kibibytes(&status, "VmHWM:").ok_or_else(gone)? * 1024,
            cpu: cpu(&stat).ok_or_else(gone)?,
        })
    }
}

/// A process that has ended and was not yet waited for has no such lines.
fn kibibytes(status: &str, name: &str) -> Option<u64> {
    status.lines().find_map(|line| line.strip_prefix(name))?.split_whitespace().next()?.parse().ok()
}

/// Fields 14 and 15 of `proc_pid_stat(5)`, counted after the name in brackets, which may hold anything.
fn cpu(stat: &str) -> Option<Duration> {
    let mut fields = stat.rsplit_once(')')?.1.split_whitespace().skip(11);
    let ticks: u64 = fields.next()?.parse::<u64>().ok()? + fields.next()?.parse::<u64>().ok()?;
    Some(Duration::from_millis(ticks * 1000 / TICKS_PER_SECOND))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_processor_time_of_a_process_with_brackets_and_spaces_in_its_name() {
        let stat = "12 (a) b (c) S 1 12 12 0 -1 4194560 1 0 0 0 150 25 9 9 20 0 1 0 100 1000 100";
        assert_eq!(cpu(stat), Some(Duration::from_millis(1_750)));
    }

    #[test]
    fn knows_nothing_of_a_process_that_has_ended() {
        assert_eq!(kibibytes("Name:\tbootstrap\nState:\tZ (zombie)\n", "VmRSS:"), None);
        assert_eq!(kibibytes("VmHWM:\t    5120 kB\nVmRSS:\t    4096 kB\n", "VmRSS:"), Some(4_096));
    }

    #[test]
    fn reads_the_usage_of_a_running_process() {
        let usage = Usage::of(std::process::id()).unwrap();
        assert!(usage.resident > 0 && usage.resident <= usage.peak, "{usage:?}");
    }
}
