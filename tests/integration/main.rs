//! Tests that need more than one crate, or the world around them.
#![expect(clippy::expect_used, clippy::panic, reason = "helpers of tests, outside `#[test]`")]

mod architecture;
mod attacks;
mod fake_aws;
mod keys_over_the_network;
mod local_gitlab;
mod support;
