//! The world around Brevet, in small: a GitLab that signs job tokens, an AWS that counts calls, and the events of API Gateway.
#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "test equipment: a broken assumption here should stop the test that made it"
)]

pub mod attacks;
pub mod aws;
pub mod contract;
pub mod distance;
pub mod events;
pub mod gitlab;
pub mod runtime_api;
pub mod tls;
