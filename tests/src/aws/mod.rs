//! DynamoDB and STS as far as Brevet uses them: on loopback, counting every call, and failing when told to.

mod dynamodb;
mod expression;
mod fault;
mod item;
mod server;
mod sts;
mod table;

pub use fault::Fault;
pub use item::item;
pub use server::{Call, FakeAws};
