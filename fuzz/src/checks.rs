//! One check a target.

#[cfg(feature = "cli")]
mod admin_file;
#[cfg(feature = "functions")]
mod authorizer_event;
mod condition_pattern;
#[cfg(feature = "functions")]
mod credentials_event;
mod decision;
mod issuers;
#[cfg(feature = "functions")]
mod item;
mod key_set;
#[cfg(feature = "functions")]
mod question;
mod route_pattern;
#[cfg(feature = "functions")]
mod routes;
mod row;
mod session_policy;
#[cfg(feature = "functions")]
mod settings;
mod signed_claims;
mod tags;
mod token;

#[cfg(feature = "cli")]
pub use admin_file::admin_file;
#[cfg(feature = "functions")]
pub use authorizer_event::authorizer_event;
pub use condition_pattern::condition_pattern;
#[cfg(feature = "functions")]
pub use credentials_event::credentials_event;
pub use decision::decision;
pub use issuers::issuers;
#[cfg(feature = "functions")]
pub use item::item;
pub use key_set::key_set;
#[cfg(feature = "functions")]
pub use question::question;
pub use route_pattern::route_pattern;
#[cfg(feature = "functions")]
pub use routes::routes;
pub use row::row;
pub use session_policy::session_policy;
#[cfg(feature = "functions")]
pub use settings::settings;
pub use signed_claims::signed_claims;
pub use tags::tags;
pub use token::token;
