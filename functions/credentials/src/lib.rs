//! The `credentials` function: a GitLab ID token in, a scoped AWS session out.
//!
//! Reading order: [`event`] and [`ask`] are the door, [`app`] dispatches, [`vend`] is the main job, [`response`] and
//! [`format`] are the way out.

mod app;
mod ask;
mod event;
mod failure;
mod format;
#[cfg(feature = "fuzzing")]
pub mod fuzzing;
mod help;
mod mappings;
mod opening;
mod response;
mod settings;
mod sts;
mod vend;
mod whoami;

pub use app::App;
pub use response::Response;
pub use settings::Settings;
