//! From the bytes of a token to a [`Principal`]: issuers, key sets, verification, claims.
//!
//! Pure but for one port, [`FetchKeySet`]. The time is always a parameter, in seconds since the epoch.
//! Names carry trust: what begins with `unverified_` proves nothing, and a [`VerifiedToken`] cannot be made in any
//! way but by [`Verifier::verify`].

mod algorithm;
mod claim_texts;
mod claim_values;
mod claims;
mod digest;
mod id;
mod issuer;
mod job;
mod json;
mod key_cache;
mod key_fetch;
mod key_set;
mod payload;
mod principal;
mod rejection;
mod seen;
mod token;
mod verify;

#[cfg(test)]
mod test_support;

pub use algorithm::Algorithm;
pub use claim_values::KnownValues;
pub use claims::{CLAIMS, Claim, ClaimKind, ClaimName, ClaimUse, known_claim};
pub use id::NumericId;
pub use issuer::{Issuer, IssuerFaults, KeySource, parse_issuers};
pub use job::NotAJob;
pub use key_fetch::{FetchError, FetchKeySet, KeyFetch};
pub use principal::Principal;
pub use rejection::{AgeFault, Distrust, KeysUnavailable, RejectedJob, Rejection, VerifyError};
pub use token::BearerToken;
pub use verify::{VerifiedToken, Verifier};
