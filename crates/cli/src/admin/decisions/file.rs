use std::fs::File;
use std::io::{self, BufRead, BufReader, Read as _};
use std::path::Path;

use crate::admin::trouble::Trouble;

/// CloudWatch holds no longer line.
const LONGEST_LINE: u64 = 1 << 20;

/// Hands over line by line; the file may be larger than memory.
pub(super) fn read(path: &Path, mut take: impl FnMut(&str)) -> Result<(), Trouble> {
    let unreadable = |fault: &io::Error| {
        Trouble::refused("audit_file_unreadable", format!("`{}` cannot be read: {fault}", path.display()))
    };
    let mut reader: Box<dyn BufRead> = if path == Path::new("-") {
        Box::new(BufReader::new(io::stdin()))
    } else {
        Box::new(BufReader::new(File::open(path).map_err(|fault| unreadable(&fault))?))
    };
    let mut line = Vec::new();
    loop {
        line.clear();
        let read = (&mut reader).take(LONGEST_LINE).read_until(b'\n', &mut line).map_err(|fault| unreadable(&fault))?;
        if read == 0 {
            return Ok(());
        }
        take(&String::from_utf8_lossy(&line));
    }
}
