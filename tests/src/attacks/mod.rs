//! Attacks on a verifier of GitLab's job tokens, kept as tables: what is attacked, with which token, and the exact code
//! it must be refused with.
//!
//! The tables (`tests/attacks/cases/*.json`) say what to do to a good token in the words of [`Case`]. A [`Cast`] plays
//! one for a given GitLab, with that GitLab's keys and those of an attacker. Nothing here knows what is under attack.

mod case;
mod cast;
mod family;
mod forge;
mod keys;
mod public_key;
mod scene;
mod table;
mod template;

pub use case::{Case, Expect, SignerSpec};
pub use cast::{Attack, Cast, OTHER_ISSUER};
pub use table::{Table, tables};
