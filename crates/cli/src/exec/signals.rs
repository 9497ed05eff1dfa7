use std::fs::{self, OpenOptions};
use std::io;

use nix::sys::signal::{Signal, kill, killpg};
use nix::unistd::Pid;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::mpsc;

/// What is passed on to the command.
const FORWARDED: [(Signal, SignalKind); 6] = [
    (Signal::SIGTERM, SignalKind::terminate()),
    (Signal::SIGHUP, SignalKind::hangup()),
    (Signal::SIGINT, SignalKind::interrupt()),
    (Signal::SIGQUIT, SignalKind::quit()),
    (Signal::SIGUSR1, SignalKind::user_defined1()),
    (Signal::SIGUSR2, SignalKind::user_defined2()),
];

/// Who else the command hears from: it is to hear of everything once. Terraform takes a second interrupt for an order to
/// drop everything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Surroundings {
    /// A terminal sends Ctrl-C to the whole group of processes, and the command must stay in it to be able to read.
    Terminal,
    /// A CI runner signals the process, or its group: the command is in a group of its own, and hears from us alone.
    Runner,
}

impl Surroundings {
    /// Whether this process has a terminal that controls it.
    pub(super) fn find() -> Self {
        let terminal = OpenOptions::new().read(true).write(true).open("/dev/tty");
        if terminal.is_ok() { Self::Terminal } else { Self::Runner }
    }
}

/// Signals from now on, for the command. None that comes before the command is there is lost.
pub(super) struct Signals {
    arriving: mpsc::UnboundedReceiver<Signal>,
    surroundings: Surroundings,
}

impl Signals {
    /// Takes the signals over; without this they would end this process and leave the command behind.
    pub(super) fn catch(surroundings: Surroundings) -> io::Result<Self> {
        let (sender, arriving) = mpsc::unbounded_channel();
        let ignored = ignored();
        for (name, kind) in FORWARDED.into_iter().filter(|(name, _)| ignored & (1 << (*name as i32 - 1)) == 0) {
            let (mut stream, sender) = (signal(kind)?, sender.clone());
            tokio::spawn(async move { while stream.recv().await.is_some() && sender.send(name).is_ok() {} });
        }
        Ok(Self { arriving, surroundings })
    }

    /// The next signal.
    pub(super) async fn next(&mut self) -> Option<Signal> {
        self.arriving.recv().await
    }

    /// Passes a signal on to the command, which is still ours: its id is not free for another process yet.
    pub(super) fn pass_on(&self, signal: Signal, child: Pid) {
        let from_the_keyboard = matches!(signal, Signal::SIGINT | Signal::SIGQUIT);
        // A command that has just gone needs no signal.
        let _ = match self.surroundings {
            Surroundings::Terminal if from_the_keyboard => Ok(()),
            Surroundings::Terminal => kill(child, signal),
            Surroundings::Runner => killpg(child, signal),
        };
    }
}

/// The signals that this process was started without, as `nohup` starts its command: so is ours. A bit for each number.
fn ignored() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or_default()
}
