use std::io::Write as _;
use std::time::Instant;

use super::super::queue::{Limits, Queue};
use super::super::redaction::Redactor;
use super::*;

struct Setting {
    tap: Arc<Tap>,
    outbox: Arc<Outbox>,
    command: File,
}

/// A command that writes by way of a tap to somewhere.
fn tapped(destination: BorrowedFd<'_>) -> Setting {
    let limits = Limits { memory_bytes: 1 << 20, spool_bytes: 0, spool_folder: std::env::temp_dir() };
    let outbox = Arc::new(Outbox::new(Queue::new("step", limits)));
    let (reader, writer) = io::pipe().unwrap();
    let transcript = Transcript::new(Arc::new(Redactor::default()));
    let tap = Tap::with_pipe(Stream::Stdout, Arc::clone(&outbox), transcript, destination, reader).unwrap();
    Setting { tap, outbox, command: File::from(std::os::fd::OwnedFd::from(writer)) }
}

fn wait_until(mut condition: impl FnMut() -> bool) {
    let began = Instant::now();
    while !condition() {
        assert!(began.elapsed() < Duration::from_secs(10));
        thread::sleep(Duration::from_millis(2));
    }
}

#[test]
fn is_drained_when_all_is_copied_though_somebody_holds_the_pipe() {
    let (mut screen, job) = io::pipe().unwrap();
    for round in 0..200 {
        let mut setting = tapped(job.as_fd());
        setting.command.write_all(b"one\ntwo").unwrap();
        wait_until(|| setting.tap.is_drained());
        assert_eq!((setting.tap.bytes(), setting.outbox.queue().lines()), (7, 1), "{round}");
        setting.tap.finish();
        assert_eq!(setting.outbox.queue().lines(), 2);
        let mut shown = [0; 7];
        screen.read_exact(&mut shown).unwrap();
        assert_eq!(&shown, b"one\ntwo");
    }
}

#[test]
fn is_not_drained_while_nobody_reads_the_screen() {
    let (mut screen, job) = io::pipe().unwrap();
    let mut setting = tapped(job.as_fd());
    let (size, mut command) = (400_000, setting.command.try_clone().unwrap());
    let writer = thread::spawn(move || command.write_all(&vec![b'x'; size]));
    thread::sleep(Duration::from_millis(100));
    assert!(!setting.tap.is_drained());
    let mut shown = vec![0; size];
    screen.read_exact(&mut shown).unwrap();
    writer.join().unwrap().unwrap();
    assert!(shown.iter().all(|byte| *byte == b'x'), "something else was shown");
    setting.command.flush().unwrap();
    wait_until(|| setting.tap.is_drained());
    assert_eq!(setting.tap.bytes(), size as u64);
}

#[test]
fn breaks_the_pipe_of_the_command_when_the_screen_is_gone() {
    let (screen, job) = io::pipe().unwrap();
    let mut setting = tapped(job.as_fd());
    drop(screen);
    wait_until(|| setting.command.write_all(b"line\n").is_err());
    assert!(setting.tap.is_drained());
    assert!(setting.outbox.queue().lines() > 0, "what nobody reads is in the log all the same");
}

#[test]
fn logs_nothing_that_is_written_after_the_end() {
    let (mut screen, job) = io::pipe().unwrap();
    let mut setting = tapped(job.as_fd());
    setting.outbox.close();
    setting.command.write_all(b"late\n").unwrap();
    screen.read_exact(&mut [0; 5]).unwrap();
    wait_until(|| setting.tap.is_drained());
    assert_eq!(setting.outbox.queue().lines(), 0);
}

#[test]
fn waits_for_a_screen_that_is_full_and_set_to_not_block() {
    let (mut screen, job) = std::os::unix::net::UnixStream::pair().unwrap();
    job.set_nonblocking(true).unwrap();
    let mut setting = tapped(job.as_fd());
    let size = 1_000_000;
    let writer = thread::spawn(move || setting.command.write_all(&vec![b'x'; size]));
    thread::sleep(Duration::from_millis(50));
    screen.read_exact(&mut vec![0; size]).unwrap();
    writer.join().unwrap().unwrap();
}
