use std::fs;
use std::io;
use std::time::Duration;

use nix::time::clock_getcpuclockid;
use nix::unistd::Pid;

/// What a process has taken of the machine so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    /// Memory it has now (`VmRSS`), in bytes.
    pub resident: u64,
    /// The most it ever had (`VmHWM`), in bytes.
    pub peak: u64,
    /// Time on a processor of all its threads, their own and the kernel's for them.
    pub cpu: Duration,
}

impl Usage {
    /// Of a running process; an error once it is gone.
    pub(super) fn of(process: u32) -> io::Result<Self> {
        let status = fs::read_to_string(format!("/proc/{process}/status"))?;
        let gone = || io::Error::from(io::ErrorKind::NotFound);
        Ok(Self {
            resident: kibibytes(&status, "VmRSS:").ok_or_else(gone)? * 1024,
            peak: kibibytes(&status, "VmHWM:").ok_or_else(gone)? * 1024,
            cpu: cpu(process)?,
        })
    }
}

/// A process that has ended and was not yet waited for has no such lines.
fn kibibytes(status: &str, name: &str) -> Option<u64> {
    status.lines().find_map(|line| line.strip_prefix(name))?.split_whitespace().next()?.parse().ok()
}

/// The clock that runs only while the process does: `/proc` tells no more than hundredths of a second.
fn cpu(process: u32) -> io::Result<Duration> {
    let id = i32::try_from(process).map_err(io::Error::other)?;
    Ok(clock_getcpuclockid(Pid::from_raw(id))?.now()?.into())
}

#[cfg(test)]
mod tests {
    use super::*;

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

    #[test]
    fn processor_time_goes_by_while_the_process_works() {
        let before = cpu(std::process::id()).unwrap();
        while cpu(std::process::id()).unwrap() == before {}
        assert!(cpu(u32::MAX).is_err());
    }
}
