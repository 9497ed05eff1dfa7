use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};

/// More than ten thousand rows; more is not meant to be YAML.
const LARGEST_FILE: u64 = 16 * 1024 * 1024;

/// The YAML files at a path, in order: itself, or all below it but hidden ones.
pub(super) fn files_at(path: &Path) -> Result<Vec<PathBuf>, String> {
    let unreadable = |fault: std::io::Error| format!("`{}` cannot be read: {fault}", path.display());
    if !fs::metadata(path).map_err(unreadable)?.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let mut files = Vec::new();
    let mut directories = vec![path.to_owned()];
    while let Some(directory) = directories.pop() {
        let unreadable = |fault: std::io::Error| format!("`{}` cannot be read: {fault}", directory.display());
        for entry in fs::read_dir(&directory).map_err(unreadable)? {
            let entry = entry.map_err(unreadable)?;
            let (path, kind) = (entry.path(), entry.file_type().map_err(unreadable)?);
            if entry.file_name().to_string_lossy().starts_with('.') {
                continue;
            }
            // They may lead in a circle; and rows that were passed over would look like rows to remove.
            if kind.is_symlink() && path.is_dir() {
                return Err(format!("`{}` is a link to a directory: name the directory itself", path.display()));
            }
            if kind.is_dir() {
                directories.push(path);
            } else if path.extension().is_some_and(|extension| extension == "yaml" || extension == "yml") {
                files.push(path);
            }
        }
    }
    files.sort();
    if files.is_empty() {
        Err(format!("there is no `*.yaml` or `*.yml` below `{}`", path.display()))
    } else {
        Ok(files)
    }
}

pub(super) fn text_of(path: &Path) -> Result<String, String> {
    let unreadable = |fault: std::io::Error| format!("`{}` cannot be read: {fault}", path.display());
    let mut bytes = Vec::new();
    fs::File::open(path).map_err(unreadable)?.take(LARGEST_FILE + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    if bytes.len() as u64 > LARGEST_FILE {
        return Err(format!("`{}` is larger than 16 MiB: make several files of it", path.display()));
    }
    String::from_utf8(bytes).map_err(|_| format!("`{}` is not text in UTF-8", path.display()))
}
