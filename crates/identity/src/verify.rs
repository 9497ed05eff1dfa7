//! The checklist, in its order. Nothing remote happens before the issuer is known, nothing is read from the payload
//! before the signature is verified but `iss`, and each step stops at the first fault.

use std::sync::Arc;

use serde_json::Value;

use crate::algorithm::Algorithm;
use crate::claims::ClaimName;
use crate::issuer::Issuer;
use crate::key_cache::{KeyCache, Lookup};
use crate::key_fetch::FetchKeySet;
use crate::payload::Payload;
use crate::principal::Principal;
use crate::rejection::{AgeFault, Distrust, RejectedJob, Rejection, VerifyError};
use crate::seen::{Seen, SeenTokens, TokenDigest};
use crate::token::{BearerToken, UnverifiedToken};

/// Verifies ID tokens of the trusted issuers.
pub struct Verifier<F> {
    issuers: Vec<(Issuer, Arc<KeyCache<F>>)>,
    leeway_seconds: u64,
    seen: SeenTokens,
}

/// A job that has proved who it is. Only [`Verifier::verify`] makes one.
#[derive(Clone, Debug)]
pub struct VerifiedToken {
    principal: Arc<Principal>,
}

impl VerifiedToken {
    /// The job. It is shared with what the verifier remembers.
    pub fn principal(&self) -> &Arc<Principal> {
        &self.principal
    }
}

impl<F: FetchKeySet> Verifier<F> {
    /// `leeway_seconds` is granted at both ends of the token's time, for clocks that differ.
    pub fn new(issuers: Vec<Issuer>, leeway_seconds: u64, fetcher: Arc<F>) -> Self {
        let with_keys = |issuer: Issuer| {
            let (source, bundle) = (issuer.keys.clone(), issuer.ca_bundle_pem.clone());
            let keys = KeyCache::new(issuer.issuer.clone(), source, bundle, Arc::clone(&fetcher));
            (issuer, keys)
        };
        Self { issuers: issuers.into_iter().map(with_keys).collect(), leeway_seconds, seen: SeenTokens::default() }
    }

    /// Fetches every issuer's keys, side by side. An issuer that does not answer is left for later.
    pub async fn prime(&self, now: u64) {
        let mut fetches = tokio::task::JoinSet::new();
        for (_, keys) in &self.issuers {
            let keys = Arc::clone(keys);
            fetches.spawn(async move { keys.prime(now).await });
        }
        fetches.join_all().await;
    }

    /// The ten-step checklist as far as the token alone goes (steps 1 to 7; the rest is policy).
    pub async fn verify(&self, token: &BearerToken, now: u64) -> Result<VerifiedToken, VerifyError> {
        let digest = TokenDigest::of(token);
        if let Some(principal) = self.verified_before(digest, now).await? {
            return Ok(VerifiedToken { principal });
        }
        let unverified = UnverifiedToken::parse(token)?;
        let algorithm = Algorithm::parse(&unverified.header.alg).ok_or(Rejection::Invalid(Distrust::Algorithm))?;
        let no_kid = Rejection::Malformed("its header has no `kid`");
        let kid = unverified.header.kid.as_deref().filter(|kid| !kid.is_empty()).ok_or(no_kid)?;
        let unverified_issuer = unverified.unverified_issuer()?;
        let position = self.issuers.iter().position(|(issuer, _)| issuer.issuer == unverified_issuer);
        let index = position.ok_or(Rejection::Invalid(Distrust::Issuer))?;
        let (issuer, keys) = self.issuers.get(index).ok_or(Rejection::Invalid(Distrust::Issuer))?;
        if !issuer.algorithms.contains(&algorithm) {
            return Err(Rejection::Invalid(Distrust::Algorithm).into());
        }
        let key = match keys.lookup(kid, now).await? {
            Lookup::Key(key) if key.allows(algorithm) => key,
            Lookup::Key(_) | Lookup::Unknown => return Err(Rejection::Invalid(Distrust::Key).into()),
        };
        if !key.verifies(algorithm, unverified.signed, unverified.signature) {
            return Err(Rejection::Invalid(Distrust::Signature).into());
        }
        let unreadable = Rejection::Malformed("its payload is not one JSON object with every claim once");
        let payload = Payload::parse(&unverified.unverified_payload).ok_or(unreadable)?;
        let read = self.read_verified(issuer, &payload, now);
        let principal = read.map_err(|rejection| rejected(rejection, issuer, |claim| payload.text(claim)))?;
        let not_before = payload.seconds("nbf").unwrap_or(u64::MAX);
        let (kid, key_fingerprint) = (kid.to_owned(), key.fingerprint);
        let principal = Arc::new(principal);
        let seen = Seen { issuer: index, kid, key_fingerprint, not_before, principal: Arc::clone(&principal) };
        self.seen.insert(digest, seen);
        Ok(VerifiedToken { principal })
    }

    /// Steps 5 to 7, on claims whose signature is verified.
    fn read_verified(&self, issuer: &Issuer, payload: &Payload, now: u64) -> Result<Principal, Rejection> {
        if payload.text("iss") != Some(issuer.issuer.as_str()) {
            return Err(Rejection::Invalid(Distrust::Issuer));
        }
        if is_sign_in_token(payload) {
            let advice = "it looks like a sign-in token; declare `id_tokens` in the job and send that variable instead";
            return Err(Rejection::NotAJobToken(advice.to_owned()));
        }
        check_audience(issuer, payload)?;
        let time = |claim: &str, fault| payload.seconds(claim).ok_or(Rejection::Malformed(fault));
        let times = Times {
            expires_at: time("exp", "claim `exp` is missing or not a whole number of seconds")?,
            not_before: time("nbf", "claim `nbf` is missing or not a whole number of seconds")?,
            issued_at: time("iat", "claim `iat` is missing or not a whole number of seconds")?,
        };
        self.check_times(issuer, &times, now)?;
        Principal::from_payload(payload).map_err(|fault| Rejection::NotAJobToken(fault.to_string()))
    }

    /// A token seen before still needs its key in the issuer's set and its time not to have passed.
    async fn verified_before(&self, digest: TokenDigest, now: u64) -> Result<Option<Arc<Principal>>, VerifyError> {
        let Some(seen) = self.seen.get(digest) else { return Ok(None) };
        let Some((issuer, keys)) = self.issuers.get(seen.issuer) else { return Ok(None) };
        let same_key = keys.current(&seen.kid, now).await.is_some_and(|key| key.fingerprint == seen.key_fingerprint);
        if !same_key {
            self.seen.remove(digest);
            return Ok(None);
        }
        let principal = &seen.principal;
        let (expires_at, issued_at) = (principal.expires_at(), principal.issued_at());
        let times = Times { expires_at, not_before: seen.not_before, issued_at };
        let claim = |name: &str| ClaimName::parse(name).and_then(|name| principal.claim(name));
        self.check_times(issuer, &times, now).map_err(|rejection| rejected(rejection, issuer, claim))?;
        Ok(Some(seen.principal))
    }

    fn check_times(&self, issuer: &Issuer, times: &Times, now: u64) -> Result<(), Rejection> {
        let leeway = self.leeway_seconds;
        if now >= times.expires_at.saturating_add(leeway) {
            return Err(Rejection::Expired { seconds: now.saturating_sub(times.expires_at) });
        }
        let valid_from = times.not_before.max(times.issued_at);
        if valid_from > now.saturating_add(leeway) {
            return Err(Rejection::NotYetValid { seconds: valid_from.saturating_sub(now) });
        }
        let (age, limit) = (now.saturating_sub(times.issued_at), issuer.max_token_age_seconds);
        if age > limit {
            return Err(Rejection::TooOld(AgeFault::Age { age, limit }));
        }
        let (lifetime, limit) = (times.expires_at.saturating_sub(times.issued_at), issuer.max_token_lifetime_seconds);
        if lifetime > limit {
            return Err(Rejection::TooOld(AgeFault::Lifetime { lifetime, limit }));
        }
        Ok(())
    }
}

struct Times {
    expires_at: u64,
    not_before: u64,
    issued_at: u64,
}

/// GitLab signs people's sign-in tokens for the same issuer; nothing in them speaks of a job.
fn is_sign_in_token(payload: &Payload) -> bool {
    ["project_id", "pipeline_id", "job_id"].iter().all(|claim| payload.get(claim).is_none())
}

fn rejected<'a>(rejection: Rejection, issuer: &Issuer, claim: impl Fn(&str) -> Option<&'a str>) -> VerifyError {
    let claim = |name| claim(name).map(str::to_owned);
    let job = RejectedJob {
        issuer: issuer.issuer.clone(),
        jti: claim("jti"),
        project_id: claim("project_id"),
        pipeline_id: claim("pipeline_id"),
        job_id: claim("job_id"),
    };
    VerifyError::RejectedJob { rejection, job: Box::new(job) }
}

/// Exactly one audience: a token for several could be replayed by each of them against the others.
fn check_audience(issuer: &Issuer, payload: &Payload) -> Result<(), Rejection> {
    let audience = match payload.get("aud") {
        Some(Value::String(audience)) => Ok(audience.as_str()),
        Some(Value::Array(audiences)) => match audiences.as_slice() {
            [Value::String(audience)] => Ok(audience.as_str()),
            [] => Err("an empty list".to_owned()),
            [_] => Err("not a string".to_owned()),
            several => Err(format!("a list of {}", several.len())),
        },
        Some(_) => Err("not a string".to_owned()),
        None => Err("missing".to_owned()),
    };
    match audience {
        Ok(audience) if issuer.audiences.iter().any(|accepted| accepted == audience) => Ok(()),
        Ok(audience) => Err(Rejection::AudienceNotAccepted { presented: format!("`{audience}`") }),
        Err(presented) => Err(Rejection::AudienceNotAccepted { presented }),
    }
}

#[cfg(test)]
mod tests;
