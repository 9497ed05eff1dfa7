//! The second opinion: the same rules once more, written from their descriptions and as plainly as can be. None of it is
//! shared with what it is held against.

pub(crate) mod glob;
pub(crate) mod iam;
pub(crate) mod pattern;
pub(crate) mod route;
