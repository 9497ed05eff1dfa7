//! What the fuzz targets check: one function a target, each with an invariant beyond "does not crash".
//!
//! [`world`] has the job, the key and the rows that the checks start from; [`slow`] has the second, naive opinion that fast
//! code is held against; [`mutation`] changes JSON as JSON.
#![forbid(unsafe_code)]
#![warn(missing_docs)]

pub mod checks;
mod json;
pub mod mutation;
mod slow;
mod world;
