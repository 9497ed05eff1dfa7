//! Brevet's functions beside what people would use instead.

pub(crate) mod authorizer;
mod comparison;
pub(crate) mod credentials;
mod page;
mod peers;

pub(crate) use comparison::FLOOR;
pub(crate) use page::{render, spread};
