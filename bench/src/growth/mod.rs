//! How time and memory grow: with rows, conditions, keys, issuers, tokens, routes and environments.

mod conditions;
mod environments;
mod issuers;
mod page;
mod probe;
mod routes;
mod rows;
mod scopes;
mod subject;
mod tokens;

use std::time::Instant;

use serde::{Deserialize, Serialize};
use serde_json::Value;

pub(crate) use self::page::render;
use self::subject::Subject;
use crate::chart::Chart;
use crate::machine::Measured;
use crate::options::Run;

/// What was measured of everything that grows.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Growth {
    measured: Measured,
    charts: Vec<Chart>,
}

pub(crate) async fn measure(run: &Run) -> anyhow::Result<Value> {
    let (subject, started) = (Subject::start(run).await?, Instant::now());
    let tell = |what: &str| eprintln!("  {:3.0} s: {what}", started.elapsed().as_secs_f64());
    let mut charts = Vec::new();
    tell("rows");
    charts.extend(rows::charts(&subject).await?);
    tell("scopes");
    charts.push(scopes::chart(&subject).await?);
    tell("conditions");
    charts.push(conditions::chart(&subject).await?);
    tell("keys and issuers");
    charts.extend(issuers::charts(&subject).await?);
    tell("tokens");
    charts.extend(tokens::charts(&subject).await?);
    tell("routes");
    charts.extend(routes::charts(&subject).await?);
    tell("environments");
    charts.extend(environments::charts(&subject).await?);
    tell("done");
    Ok(serde_json::to_value(Growth { measured: Measured::now()?, charts })?)
}
