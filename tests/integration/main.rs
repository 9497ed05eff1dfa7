//! Tests that need more than one crate, or the world around them.
#![expect(clippy::expect_used, clippy::panic, reason = "helpers of tests, outside `#[test]`")]

mod architecture;
mod fake_aws;
mod local_gitlab;
