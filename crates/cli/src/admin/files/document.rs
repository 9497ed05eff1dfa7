//! What a file may consist of: rows as documents, or a list of rows, perhaps below `mappings`.

use std::sync::Arc;

use super::row::FileRow;
use super::yaml::{Content, Flaw, Key, Node, Position, documents};

/// The rows of a file and everything that is wrong with its form.
pub(super) fn rows(file: &Arc<str>, text: &str) -> (Vec<FileRow>, Vec<Flaw>) {
    let documents = match documents(text) {
        Ok(documents) => documents,
        Err(flaw) => return (Vec::new(), vec![flaw]),
    };
    // Emptied by mistake it would have `apply` remove what it held.
    if documents.is_empty() {
        let message = "there is nothing in this file: write `mappings: []` if that is meant".to_owned();
        return (Vec::new(), vec![Flaw { position: (1, 1), message }]);
    }
    let mut found = Found { file, rows: Vec::new(), flaws: Vec::new() };
    for document in documents {
        found.document(document);
    }
    (found.rows, found.flaws)
}

struct Found<'a> {
    file: &'a Arc<str>,
    rows: Vec<FileRow>,
    flaws: Vec<Flaw>,
}

impl Found<'_> {
    fn document(&mut self, document: Node) {
        match document.content {
            Content::List(items) => self.list(items),
            Content::Map(members) if members.iter().any(|(key, _)| key.name == "mappings") => self.below(members),
            Content::Map(members) => self.row(document.position, members),
            Content::Plain(_) | Content::Text(_) => {
                self.flaw(
                    document.position,
                    "a file has rows: maps from attribute to value, or `mappings:` and a list",
                );
            }
        }
    }

    fn below(&mut self, members: Vec<(Key, Node)>) {
        for (key, node) in members {
            match node.content {
                Content::List(items) if key.name == "mappings" => self.list(items),
                _ if key.name == "mappings" => self.flaw(node.position, "`mappings` must be a list of rows"),
                _ => self.flaw(key.position, &format!("`{}` has no place beside `mappings`", key.name)),
            }
        }
    }

    fn list(&mut self, items: Vec<Node>) {
        for item in items {
            match item.content {
                Content::Map(members) => self.row(item.position, members),
                _ => self.flaw(item.position, "a row must be a map from attribute to value"),
            }
        }
    }

    fn row(&mut self, position: Position, members: Vec<(Key, Node)>) {
        self.rows.push(FileRow::new(self.file, position, members));
    }

    fn flaw(&mut self, position: Position, message: &str) {
        self.flaws.push(Flaw { position, message: message.to_owned() });
    }
}
