//! Where the time goes: the instructions of a warm request, each in one of a dozen parts.

mod page;
mod parts;
mod request;
#[cfg(test)]
mod tests;

use std::path::Path;

use serde::{Deserialize, Serialize};

use self::page::page;
pub(crate) use self::page::text;
use self::request::Request;
use crate::figures::MadeWith;
use crate::options::Profile;
use crate::requests::scene::Scene;
use crate::requests::{FEW, MORE, functions};

/// What bench/profile.json has.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Breakdown {
    made_with: MadeWith,
    requests: Vec<Request>,
}

/// Counts, and writes both files.
pub(crate) fn run(options: &Profile) -> anyhow::Result<Breakdown> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let requests = runtime.block_on(count(options))?;
    let breakdown = Breakdown { made_with: MadeWith::here()?, requests };
    breakdown.write(&options.folder)?;
    Ok(breakdown)
}

async fn count(options: &Profile) -> anyhow::Result<Vec<Request>> {
    let scene = Scene::start(FEW + MORE).await?;
    let mut requests = Vec::new();
    for function in functions(&options.authorizer, &options.credentials) {
        eprintln!("counting: {}", function.title);
        requests.push(Request::count(&scene, &function).await?);
    }
    Ok(requests)
}

impl Breakdown {
    fn write(&self, folder: &Path) -> anyhow::Result<()> {
        std::fs::write(folder.join("profile.json"), serde_json::to_string_pretty(self)? + "\n")?;
        Ok(std::fs::write(folder.join("profile.md"), page(self))?)
    }
}
