//! DynamoDB and STS as far as Brevet uses them: on loopback, counting every call, and failing when told to.

mod dynamodb;
mod expression;
mod fault;
mod server;
mod sts;

pub use fault::Fault;
pub use server::{Call, FakeAws};
