//! The `authorizer` function: tells API Gateway whether a GitLab job may call a route.
//!
//! Reading order: [`event`] and [`arn`] are the door, [`app`] verifies, [`routes`] decides by mappings, [`resources`] turns
//! routes into an IAM policy, [`verdict`] and [`answer`] are the way out.

mod answer;
mod app;
mod arn;
mod context;
mod event;
#[cfg(feature = "fuzzing")]
pub mod fuzzing;
mod resources;
mod routes;
mod settings;
mod verdict;

pub use answer::{Answer, Failed};
pub use app::App;
pub use settings::Settings;
