//! The `authorizer` function: tells API Gateway whether a GitLab job may call a route.
//!
//! Reading order: [`event`] and [`arn`] are the door, [`app`] decides, [`resources`] turns routes into an IAM policy,
//! [`answer`] is the way out.

mod answer;
mod app;
mod arn;
mod context;
mod event;
mod resources;
mod settings;

pub use answer::{Answer, Failed};
pub use app::App;
pub use settings::Settings;
