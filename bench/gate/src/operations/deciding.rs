use std::hint::black_box;

use anyhow::{Context as _, ensure};
use brevet_identity::Principal;
use brevet_policy::{
    ApiName, Grant, MappingName, Narrowing, Outcome, Reading, SessionRequest, decide, entitlement, survey,
};

use super::rows::{api_routes, deployment, freeze, read_all, scopes};
use crate::counted::counted;
use crate::world::World;

/// What one request of `/credentials` reads: a row of the name in each scope, and three for every name.
pub(crate) fn typical(world: &World) -> anyhow::Result<()> {
    let (principal, readings, name) = (principal(world)?, deployments()?, name("deploy")?);
    counted(|_| {
        let outcome = decide(black_box(&principal), black_box(&readings), &name, world.now);
        ensure!(matches!(outcome, Outcome::Granted(_)), "the decision is no: {:?}", outcome.trace());
        Ok(())
    })
}

/// What `/mappings` does for a company that keeps all its rows in a few scopes.
pub(crate) fn survey_of_many(world: &World) -> anyhow::Result<()> {
    let scopes = scopes();
    let rows = scopes.iter().flat_map(|scope| (0..200).map(move |number| deployment(scope, &format!("role-{number}"))));
    let (principal, readings) = (principal(world)?, read_all(rows)?);
    counted(|_| {
        let surveyed = survey(black_box(&principal), black_box(&readings), world.now);
        ensure!(surveyed.len() == 200, "there are {} names", surveyed.len());
        Ok(())
    })
}

/// What the authorizer does with `ROUTE_POLICY=mappings`.
pub(crate) fn routes(world: &World) -> anyhow::Result<()> {
    let scopes = scopes();
    let allow = scopes.iter().map(|scope| api_routes(scope));
    let rows = allow.chain(scopes.iter().skip(2).map(|scope| freeze(scope)));
    let (principal, readings) = (principal(world)?, read_all(rows)?);
    let api = ApiName::parse("reports").context("an API may have this name")?;
    counted(|_| {
        let entitlement = entitlement(black_box(&principal), black_box(&readings), &api, world.now);
        ensure!(entitlement.permits("GET", "/reports/2026"), "the route is closed: {:?}", entitlement.trace());
        Ok(())
    })
}

/// What STS is asked for.
pub(crate) fn session(world: &World) -> anyhow::Result<()> {
    let principal = principal(world)?;
    let grant = granted(&principal, world.now)?;
    counted(|_| {
        SessionRequest::build(black_box(&grant), black_box(&principal), &Narrowing::default())?;
        Ok(())
    })
}

fn granted(principal: &Principal, now: u64) -> anyhow::Result<Grant> {
    match decide(principal, &deployments()?, &name("deploy")?, now) {
        Outcome::Granted(grant) => Ok(grant),
        Outcome::Denied(denial) => anyhow::bail!("the decision is no: {:?}", denial.trace()),
    }
}

fn deployments() -> anyhow::Result<Vec<Reading>> {
    let scopes = scopes();
    let rows = scopes.iter().map(|scope| deployment(scope, "deploy"));
    read_all(rows.chain(scopes.iter().skip(2).map(|scope| freeze(scope))))
}

fn principal(world: &World) -> anyhow::Result<Principal> {
    Ok(Principal::from_unverified_claims(&serde_json::to_vec(&world.claims)?)?)
}

fn name(text: &str) -> anyhow::Result<MappingName> {
    MappingName::parse(text).with_context(|| format!("a mapping may be called `{text}`"))
}
