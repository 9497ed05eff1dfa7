use std::hint::black_box;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use anyhow::{Context as _, bail, ensure};
use brevet_identity::{
    BearerToken, FetchError, FetchKeySet, KeyFetch, VerifiedToken, Verifier, VerifyError, parse_issuers,
};
use brevet_tests::gitlab::DEFAULT_AUDIENCE;
use serde_json::json;

use crate::counted::counted;
use crate::world::{HOST, World};

type Verified = Result<VerifiedToken, VerifyError>;

/// Every time another token.
pub(crate) fn new(world: &World) -> anyhow::Result<()> {
    verify(world, &bearers(&world.tokens)?, |verified| verified.is_ok())
}

/// Every time the same token.
pub(crate) fn known(world: &World) -> anyhow::Result<()> {
    let same = bearers(&world.tokens)?.into_iter().take(1).cycle().take(world.tokens.len());
    verify(world, &same.collect::<Vec<_>>(), |verified| verified.is_ok())
}

/// What costs an attacker nothing and Brevet a verification.
pub(crate) fn forged(world: &World) -> anyhow::Result<()> {
    let signature_of_another = |(index, token): (usize, &String)| {
        let other = world.tokens.get((index + 1) % world.tokens.len())?;
        Some(format!("{}.{}", token.rsplit_once('.')?.0, other.rsplit_once('.')?.1))
    };
    let forged: Option<Vec<_>> = world.tokens.iter().enumerate().map(signature_of_another).collect();
    verify(world, &bearers(&forged.context("tokens have three parts")?)?, is_invalid)
}

/// What is refused before any key is looked for.
pub(crate) fn stranger(world: &World) -> anyhow::Result<()> {
    verify(world, &bearers(&world.strange_tokens)?, is_invalid)
}

fn is_invalid(verified: &Verified) -> bool {
    matches!(verified, Err(VerifyError::Rejected(rejection)) if rejection.code() == "token_invalid")
}

fn bearers(tokens: &[String]) -> anyhow::Result<Vec<BearerToken>> {
    let bearer = |token: &String| BearerToken::from_authorization([token.as_str()]);
    Ok(tokens.iter().map(bearer).collect::<Result<_, _>>()?)
}

fn verify(world: &World, tokens: &[BearerToken], expected: fn(&Verified) -> bool) -> anyhow::Result<()> {
    let issuers = json!([{
        "issuer": format!("https://{HOST}"), "audiences": [DEFAULT_AUDIENCE], "jwks_uri": format!("https://{HOST}/keys"),
    }]);
    let keys = Keys(serde_json::to_vec(&world.key_set)?);
    let verifier = Verifier::new(parse_issuers(&issuers.to_string())?, 30, Arc::new(keys));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build()?;
    runtime.block_on(verifier.prime(world.now));
    counted(|time| {
        let token = tokens.get(time).context("there is a token for each time")?;
        let verifying = pin!(verifier.verify(black_box(token), world.now));
        // Keys are at hand, so there is nothing to wait for, and no runtime to count with it.
        let Poll::Ready(verified) = verifying.poll(&mut Context::from_waker(Waker::noop())) else {
            bail!("verification waits for something");
        };
        ensure!(expected(&verified), "the verdict is not the expected one: {:?}", verified.err());
        Ok(())
    })
}

/// The issuer's key set, at hand.
struct Keys(Vec<u8>);

impl FetchKeySet for Keys {
    async fn fetch(&self, _url: &str, _ca_bundle_pem: Option<&str>) -> Result<Vec<u8>, FetchError> {
        Ok(self.0.clone())
    }

    fn fetched(&self, _fetch: KeyFetch<'_>) {}
}
