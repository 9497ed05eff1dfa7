//! Services that are far away: TLS in front of what runs on loopback, time on the way there and back, and a journal of
//! every round trip. What a cold start costs on a real network can be counted here, whatever else the machine does.

mod abroad;
mod journal;
mod lane;
mod service;

pub use abroad::{Abroad, Distance};
pub use journal::{Journal, Kind, Trip, Trips};
pub use service::Service;
