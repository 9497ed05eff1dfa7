use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use brevet_policy::Row;
use serde_json::Value;

use super::emit;
use crate::admin::trouble::Trouble;

/// A file for each scope; nothing that is there already is touched.
pub(super) fn write(directory: &Path, rows: &[Row], unreadable: &[Row]) -> Result<(), Trouble> {
    let failed = |path: &Path, fault: std::io::Error| {
        Trouble::refused("export_unwritable", format!("`{}` cannot be written: {fault}", path.display()))
    };
    fs::create_dir_all(directory).map_err(|fault| failed(directory, fault))?;
    let mut entries = fs::read_dir(directory).map_err(|fault| failed(directory, fault))?;
    if entries.next().is_some() {
        let message = format!("`{}` is not empty", directory.display());
        return Err(
            Trouble::refused("export_unwritable", message).with_help("rows of old files would stay among the new")
        );
    }
    let mut by_scope: BTreeMap<&str, Vec<Row>> = BTreeMap::new();
    for row in rows {
        by_scope.entry(row.get("scope").and_then(Value::as_str).unwrap_or_default()).or_default().push(row.clone());
    }
    let mut files: Vec<(PathBuf, String)> =
        by_scope.into_iter().map(|(scope, rows)| (path_of(scope), emit::file(&rows, &[]))).collect();
    if !unreadable.is_empty() {
        files.push((PathBuf::from("unreadable.yaml"), emit::file(&[], unreadable)));
    }
    for (path, text) in files {
        let path = directory.join(path);
        let parent = path.parent().unwrap_or(directory);
        fs::create_dir_all(parent).map_err(|fault| failed(parent, fault))?;
        fs::write(&path, text).map_err(|fault| failed(&path, fault))?;
    }
    Ok(())
}

/// The scope as a path below the directory. A segment that begins with a dot would be hidden, or lead out of it.
fn path_of(scope: &str) -> PathBuf {
    let visible = |segment: &str| match segment.strip_prefix('.') {
        Some(rest) => format!("%2E{rest}"),
        None => segment.to_owned(),
    };
    let path: Vec<String> = scope.split('/').map(visible).collect();
    PathBuf::from(format!("{}.yaml", path.join("/")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_scope_leads_out_of_the_directory() {
        let path = path_of("gitlab.example.com/group/../../../etc/.hidden");
        assert_eq!(path, Path::new("gitlab.example.com/group/%2E./%2E./%2E./etc/%2Ehidden.yaml"));
        assert_eq!(path_of("gitlab.example.com"), Path::new("gitlab.example.com.yaml"));
    }
}
