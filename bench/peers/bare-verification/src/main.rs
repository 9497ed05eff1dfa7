//! The price of a signature: `jsonwebtoken` alone, in a loop, with no Lambda around it.
//!
//! Reads one [`Work`] as JSON from standard input, verifies each token once, and writes the nanoseconds of each as a JSON
//! array. One pass before the measured one warms the processor up.

use std::error::Error;
use std::io;
use std::time::Instant;

use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode};
use serde::de::IgnoredAny;

#[derive(serde::Deserialize)]
struct Work {
    key: Jwk,
    issuer: String,
    audience: String,
    tokens: Vec<String>,
}

fn main() -> Result<(), Box<dyn Error>> {
    let work: Work = serde_json::from_reader(io::stdin().lock())?;
    let key = DecodingKey::from_jwk(&work.key)?;
    let mut validation = Validation::new(Algorithm::RS256);
    validation.set_issuer(&[&work.issuer]);
    validation.set_audience(&[&work.audience]);
    let mut nanoseconds = Vec::new();
    for _ in 0..2 {
        nanoseconds.clear();
        for token in &work.tokens {
            let started = Instant::now();
            decode::<IgnoredAny>(token, &key, &validation)?;
            nanoseconds.push(u64::try_from(started.elapsed().as_nanos())?);
        }
    }
    serde_json::to_writer(io::stdout().lock(), &nanoseconds)?;
    Ok(())
}
