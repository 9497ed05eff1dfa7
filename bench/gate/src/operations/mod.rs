//! Each operation makes everything ready, and then is counted. What it does is checked every time: a refusal is quick, and
//! nobody should be pleased with it.

pub(crate) mod deciding;
pub(crate) mod reading;
pub(crate) mod rows;
pub(crate) mod verifying;
