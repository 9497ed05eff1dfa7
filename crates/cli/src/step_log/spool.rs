//! Where events wait that do not fit into memory: a ring in a file that has no name, so that nothing is left behind and
//! nobody else can open it. What is in it is redacted already.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::unix::fs::{FileExt as _, OpenOptionsExt as _};
use std::path::Path;

use super::event::Record;

/// Timestamp, length of the message, lines.
const HEADER_BYTES: usize = 8 + 4 + 1;

/// First in, first out; at most `capacity` bytes.
pub(super) struct Spool {
    file: File,
    capacity: u64,
    /// Where the next record is read; the next one is written `used` bytes further on.
    start: u64,
    used: u64,
}

impl Spool {
    /// A new one, whose name is gone before anything is written.
    pub(super) fn create(folder: &Path, unique: &str, capacity: u64) -> io::Result<Self> {
        let path = folder.join(format!("brevet-log-{unique}"));
        let file = OpenOptions::new().read(true).write(true).create_new(true).mode(0o600).open(&path)?;
        fs::remove_file(&path)?;
        Ok(Self { file, capacity, start: 0, used: 0 })
    }

    /// Adds a record, or says that there is no room for it.
    pub(super) fn push(&mut self, record: &Record) -> io::Result<bool> {
        let size = record.message.len() + HEADER_BYTES;
        if self.used + size as u64 > self.capacity {
            return Ok(false);
        }
        let Ok(length) = u32::try_from(record.message.len()) else { return Ok(false) };
        let mut bytes = Vec::with_capacity(size);
        bytes.extend_from_slice(&record.timestamp.to_be_bytes());
        bytes.extend_from_slice(&length.to_be_bytes());
        bytes.push(u8::from(record.lines > 0));
        bytes.extend_from_slice(record.message.as_bytes());
        let at = self.start + self.used;
        self.each_part(at, size, |file, part, offset| match bytes.get(part) {
            Some(part) => file.write_all_at(part, offset),
            None => Ok(()),
        })?;
        self.used += size as u64;
        Ok(true)
    }

    /// Takes the oldest record out.
    pub(super) fn pop(&mut self) -> io::Result<Option<Record>> {
        if self.used == 0 {
            return Ok(None);
        }
        let header = self.read(self.start, HEADER_BYTES)?;
        let (timestamp, rest) = header.split_first_chunk::<8>().ok_or(io::ErrorKind::InvalidData)?;
        let (length, rest) = rest.split_first_chunk::<4>().ok_or(io::ErrorKind::InvalidData)?;
        let length = u32::from_be_bytes(*length) as usize;
        let message = self.read(self.start + HEADER_BYTES as u64, length)?;
        let size = (HEADER_BYTES + length) as u64;
        self.start = (self.start + size) % self.capacity;
        self.used = self.used.saturating_sub(size);
        Ok(Some(Record {
            timestamp: i64::from_be_bytes(*timestamp),
            message: String::from_utf8(message).map_err(|_| io::ErrorKind::InvalidData)?,
            lines: u64::from(rest.first() == Some(&1)),
        }))
    }

    pub(super) fn is_empty(&self) -> bool {
        self.used == 0
    }

    /// Whether there is room enough again that it is worth closing a gap.
    pub(super) fn has_much_room(&self) -> bool {
        self.used < self.capacity - self.capacity / 8
    }

    fn read(&self, at: u64, size: usize) -> io::Result<Vec<u8>> {
        let mut bytes = vec![0; size];
        self.each_part(at, size, |file, part, offset| match bytes.get_mut(part) {
            Some(part) => file.read_exact_at(part, offset),
            None => Ok(()),
        })?;
        Ok(bytes)
    }

    /// A run of bytes may go over the end of the ring and on at its beginning: it has one part or two.
    fn each_part(
        &self,
        at: u64,
        size: usize,
        mut act: impl FnMut(&File, std::ops::Range<usize>, u64) -> io::Result<()>,
    ) -> io::Result<()> {
        let at = at % self.capacity;
        let first = usize::try_from(self.capacity - at).unwrap_or(usize::MAX).min(size);
        act(&self.file, 0..first, at)?;
        act(&self.file, first..size, 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(number: usize) -> Record {
        Record {
            timestamp: number as i64,
            message: format!("{number:0width$}", width = 1 + number % 90),
            lines: (number % 2) as u64,
        }
    }

    #[test]
    fn gives_back_in_order_what_it_took_while_the_ring_turns_many_times() {
        let mut spool = Spool::create(&std::env::temp_dir(), "turns", 1_000).unwrap();
        let (mut pushed, mut popped) = (0, 0);
        while popped < 2_000 {
            while spool.push(&record(pushed)).unwrap() {
                pushed += 1;
            }
            for _ in 0..1 + popped % 7 {
                if let Some(found) = spool.pop().unwrap() {
                    assert_eq!(found, record(popped));
                    popped += 1;
                }
            }
        }
        assert!(pushed > popped);
    }

    #[test]
    fn leaves_no_file_behind_and_opens_none_that_is_there() {
        let folder = std::env::temp_dir();
        let spool = Spool::create(&folder, "nameless", 1_000).unwrap();
        let path = folder.join("brevet-log-nameless");
        assert!(!path.exists() && spool.is_empty());
        fs::write(&path, "somebody else's").unwrap();
        assert!(Spool::create(&folder, "nameless", 1_000).is_err());
        fs::remove_file(&path).unwrap();
    }
}
