//! Tests that need more than one crate, or the world around them.
#![expect(clippy::expect_used, clippy::indexing_slicing, clippy::panic, reason = "helpers of tests, outside `#[test]`")]

mod architecture;
#[path = "../attacks/mod.rs"]
mod attacks;
mod authorizer;
mod command_line;
mod credentials;
mod fake_aws;
mod host;
mod keys_over_the_network;
mod local_gitlab;
mod mangled_events;
mod mapping_auditor;
mod recorded_jobs;
mod round_trips;
mod runtime_api;
mod settings;
mod support;
mod world;
