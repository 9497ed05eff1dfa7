//! YAML as a tree that knows where everything is. Of the language only what a table of rows needs: no anchors, aliases
//! or tags, so no file is larger than it looks.

use saphyr_parser::{Event, Parser, ScalarStyle, Span, StrInput};

/// No row is nested as deeply, not even one with a session policy.
const DEEPEST: usize = 32;

/// Line and column, both from 1.
pub(super) type Position = (usize, usize);

/// A value and where it begins.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Node {
    pub(super) position: Position,
    pub(super) content: Content,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Content {
    /// A scalar without quotes, whose type depends on what it looks like.
    Plain(String),
    /// A scalar in quotes, or a block of text.
    Text(String),
    List(Vec<Node>),
    Map(Vec<(Key, Node)>),
}

/// The name of a member and where it is.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Key {
    pub(super) name: String,
    pub(super) position: Position,
}

/// What is wrong and where.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Flaw {
    pub(super) position: Position,
    pub(super) message: String,
}

/// The documents of a file; empty ones are left out. After a fault nothing more of the file can be relied on.
pub(super) fn documents(text: &str) -> Result<Vec<Node>, Flaw> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut events = Events(Parser::new_from_str(text));
    let mut documents = Vec::new();
    loop {
        match events.next()? {
            (Event::StreamEnd, _) => return Ok(documents),
            (Event::StreamStart | Event::DocumentStart(_) | Event::DocumentEnd | Event::Nothing, _) => {}
            event => documents.extend(Some(events.node(event, 0)?).filter(|node| !node.is_nothing())),
        }
    }
}

struct Events<'a>(Parser<'a, StrInput<'a>>);

impl<'a> Events<'a> {
    fn next(&mut self) -> Result<(Event<'a>, Position), Flaw> {
        match self.0.next_event() {
            Some(Ok((event, span))) => Ok((event, position(&span))),
            Some(Err(fault)) => {
                let marker = fault.marker();
                let message = format!("this is not YAML: {}", fault.info());
                Err(Flaw { position: (marker.line(), marker.col() + 1), message })
            }
            None => Ok((Event::StreamEnd, (1, 1))),
        }
    }

    fn node(&mut self, (event, position): (Event<'a>, Position), depth: usize) -> Result<Node, Flaw> {
        let flaw = |message: &str| Err(Flaw { position, message: message.to_owned() });
        if depth > DEEPEST {
            return flaw("this is nested too deeply");
        }
        let content = match event {
            Event::Alias(_) => return flaw("aliases (`*name`) are not read: write the value out"),
            Event::Scalar(_, _, anchor, _) | Event::SequenceStart(anchor, _) | Event::MappingStart(anchor, _)
                if anchor != 0 =>
            {
                return flaw("anchors (`&name`) are not read: write the value out where it is used");
            }
            Event::Scalar(_, _, _, Some(_)) | Event::SequenceStart(_, Some(_)) | Event::MappingStart(_, Some(_)) => {
                return flaw("tags (`!name`) are not read: put text in quotes instead");
            }
            Event::Scalar(text, ScalarStyle::Plain, ..) => Content::Plain(text.into_owned()),
            Event::Scalar(text, ..) => Content::Text(text.into_owned()),
            Event::SequenceStart(..) => Content::List(self.list(depth)?),
            Event::MappingStart(..) => Content::Map(self.map(depth)?),
            _ => return flaw("this is not YAML: a value is missing"),
        };
        Ok(Node { position, content })
    }

    fn list(&mut self, depth: usize) -> Result<Vec<Node>, Flaw> {
        let mut items = Vec::new();
        loop {
            match self.next()? {
                (Event::SequenceEnd, _) => return Ok(items),
                event => items.push(self.node(event, depth + 1)?),
            }
        }
    }

    fn map(&mut self, depth: usize) -> Result<Vec<(Key, Node)>, Flaw> {
        let mut members: Vec<(Key, Node)> = Vec::new();
        loop {
            let (event, position) = self.next()?;
            if event == Event::MappingEnd {
                return Ok(members);
            }
            let (Content::Plain(name) | Content::Text(name)) = self.node((event, position), depth + 1)?.content else {
                return Err(Flaw { position, message: "the name of a member must be text".to_owned() });
            };
            if let Some((first, _)) = members.iter().find(|(key, _)| key.name == name) {
                let message = format!("`{name}` is here twice; first in line {}", first.position.0);
                return Err(Flaw { position, message });
            }
            let value = self.next()?;
            members.push((Key { name, position }, self.node(value, depth + 1)?));
        }
    }
}

impl Node {
    /// Nothing but comments, or a null.
    fn is_nothing(&self) -> bool {
        matches!(&self.content, Content::Plain(text) if super::scalar::is_null(text))
    }
}

fn position(span: &Span) -> Position {
    (span.start.line(), span.start.col() + 1)
}
