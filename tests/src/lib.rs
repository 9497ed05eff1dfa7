//! The world around Brevet, in small: a GitLab that signs job tokens.
#![expect(clippy::expect_used, reason = "test equipment: a broken assumption here should stop the test that made it")]

pub mod gitlab;
pub mod tls;
