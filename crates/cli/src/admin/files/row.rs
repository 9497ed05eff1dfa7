use std::sync::Arc;

use brevet_policy::Row;
use serde_json::Value;

use super::place::Place;
use super::scalar;
use super::yaml::{Content, Key, Node, Position};

/// A row as a file has it, and where each part of it is.
#[derive(Clone, Debug)]
pub(crate) struct FileRow {
    row: Row,
    file: Arc<str>,
    position: Position,
    members: Vec<(Key, Node)>,
}

impl FileRow {
    pub(super) fn new(file: &Arc<str>, position: Position, members: Vec<(Key, Node)>) -> Self {
        let value = |(key, node): &(Key, Node)| {
            let as_written = key.name == "conditions";
            (key.name.clone(), json(node, as_written))
        };
        Self { row: members.iter().map(value).collect(), file: Arc::clone(file), position, members }
    }

    /// As it would be stored.
    pub(crate) fn row(&self) -> &Row {
        &self.row
    }

    /// The row's beginning.
    pub(crate) fn place(&self) -> Place {
        self.at(self.position)
    }

    /// Where an attribute is, `conditions.ref[1]`; the nearest part around it if it is not there itself.
    pub(crate) fn place_of(&self, attribute: &str) -> Place {
        self.at(find(&self.members, attribute).unwrap_or(self.position))
    }

    fn at(&self, (line, column): Position) -> Place {
        Place { file: Arc::clone(&self.file), line, column }
    }
}

/// Every claim is text, so values of conditions are taken as they are written: `true` is the word, `1.10` no number.
fn json(node: &Node, as_written: bool) -> Value {
    match &node.content {
        Content::Plain(text) if as_written && !scalar::is_null(text) => Value::String(text.clone()),
        Content::Plain(text) => scalar::resolve(text),
        Content::Text(text) => Value::String(text.clone()),
        Content::List(items) => items.iter().map(|item| json(item, as_written)).collect(),
        Content::Map(members) => {
            Value::Object(members.iter().map(|(key, value)| (key.name.clone(), json(value, as_written))).collect())
        }
    }
}

/// Follows a path as far as it goes. A name may contain dots itself, so the longest that fits is taken.
fn find(members: &[(Key, Node)], path: &str) -> Option<Position> {
    let fits = |name: &str| path.strip_prefix(name).filter(|rest| rest.is_empty() || rest.starts_with(['.', '[']));
    let found = members.iter().filter_map(|(key, node)| Some((key, node, fits(&key.name)?)));
    let (key, node, rest) = found.max_by_key(|(key, ..)| key.name.len())?;
    let inner = match (&node.content, rest.strip_prefix('.'), rest.strip_prefix('[')) {
        (Content::Map(members), Some(rest), _) => find(members, rest),
        (Content::List(items), _, Some(rest)) => item(items, rest).map(|item| item.position),
        _ => None,
    };
    Some(inner.unwrap_or(key.position))
}

fn item<'a>(items: &'a [Node], rest: &str) -> Option<&'a Node> {
    items.get(rest.split(']').next()?.parse::<usize>().ok()?)
}
