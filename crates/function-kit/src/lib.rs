//! What the functions need around the pure middle: settings, one HTTP connector, keys over HTTPS, AWS clients that are
//! ready before the first request, log lines, metrics and a time budget.

mod audit;
mod aws;
mod budget;
mod check_config;
mod clock;
mod https;
mod key_fetcher;
mod log;
mod metrics;
mod repeats;
mod settings;
mod telemetry;
mod trail;
mod without_tokens;

pub use audit::{AuditLine, MappingKey};
pub use aws::{aws_config, prepare, service_endpoints};
pub use budget::{Budget, OutOfTime};
pub use check_config::{check_config, is_config_check};
pub use clock::{rfc3339, unix_now};
pub use https::{Https, HttpsError};
pub use key_fetcher::KeyFetcher;
pub use log::Log;
pub use metrics::{MetricLine, Unit};
pub use settings::{DenialDetail, Environment, IdentitySettings, MappingSettings, Reader, SettingsFaults};
pub use telemetry::Telemetry;
pub use trail::Trail;
