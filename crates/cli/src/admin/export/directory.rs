use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;
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
        // Not over one that is there by now: to some systems `A` and `a` are one name.
        let written = fs::File::create_new(&path).and_then(|mut file| file.write_all(text.as_bytes()));
        written.map_err(|fault| failed(&path, fault))?;
    }
    Ok(())
}

/// The scope as a path below the directory, and no other scope's. A segment that begins with a dot would be hidden, or lead
/// out of it; a directory that ends as files do could be where a file belongs.
fn path_of(scope: &str) -> PathBuf {
    let escaped = |segment: &str| {
        let segment = segment.replace('%', "%25");
        let visible = segment.strip_prefix('.').map(|rest| format!("%2E{rest}")).unwrap_or(segment);
        visible.strip_suffix(".yaml").map(|name| format!("{name}%2Eyaml")).unwrap_or(visible)
    };
    let path: Vec<String> = scope.split('/').map(escaped).collect();
    PathBuf::from(format!("{}.yaml", path.join("/")))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::admin::files::tests::Folder;

    #[test]
    fn no_scope_leads_out_of_the_directory() {
        let path = path_of("gitlab.example.com/group/../../../etc/.hidden");
        assert_eq!(path, Path::new("gitlab.example.com/group/%2E./%2E./%2E./etc/%2Ehidden.yaml"));
        assert_eq!(path_of("gitlab.example.com"), Path::new("gitlab.example.com.yaml"));
    }

    #[test]
    fn no_scope_is_where_another_belongs() {
        assert_ne!(path_of("gitlab.example.com/group/.a"), path_of("gitlab.example.com/group/%2Ea"));
        let (file, below) = (path_of("gitlab.example.com/group/a"), path_of("gitlab.example.com/group/a.yaml/b"));
        assert!(!below.starts_with(&file), "{}", below.display());
    }

    #[test]
    fn writes_no_file_over_another() {
        let folder = Folder::new("written-twice", &[]);
        let row = |scope: &str| json!({"scope": scope, "name": "deploy"}).as_object().unwrap().clone();
        let refused = write(folder.path(), &[row("unreadable")], &[row("gitlab.example.com")]).unwrap_err();
        assert_eq!(refused.code(), "export_unwritable");
        assert!(fs::read_to_string(folder.path().join("unreadable.yaml")).unwrap().contains("scope: unreadable"));
    }
}
