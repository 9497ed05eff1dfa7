//! Whole warm requests of the built functions: what the operations add up to, with everything around them.

pub(crate) mod function;
pub(crate) mod scene;

use std::path::Path;

use serde_json::{Value, json};

use self::function::Function;
use self::scene::Scene;
use crate::figures::Cost;
use crate::options::Requests;
use crate::profile::Profile;
use crate::report::grouped;

/// Warm requests in the shorter run, and how many more there are in the longer one.
pub(crate) const FEW: usize = 20;
pub(crate) const MORE: usize = 100;

/// Counts and tells. Nothing is compared: released binaries have no names of functions in them to tell shares apart by.
pub(crate) fn run(options: &Requests) -> anyhow::Result<String> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let scene = Scene::start(FEW + MORE).await?;
        let mut counted = Vec::new();
        for function in functions(&options.authorizer, &options.credentials) {
            eprintln!("counting: {}", function.title);
            counted.push((function.title, count(&scene, &function).await?));
        }
        Ok(if options.json { serde_json::to_string_pretty(&json(&counted))? } else { text(&counted) })
    })
}

/// The two functions in the ways in which they are asked most.
pub(crate) fn functions<'a>(authorizer: &'a Path, credentials: &'a Path) -> [Function<'a>; 4] {
    let function = |title, binary: &'static str, path, variables, same_token| Function {
        title,
        binary,
        program: path,
        variables,
        same_token,
    };
    let (authenticated, mappings) =
        (&[("ROUTE_POLICY", "authenticated")][..], &[("ROUTE_POLICY", "mappings"), ("API_NAME", "reports")][..]);
    [
        function("authorizer, the same token", "authorizer", authorizer, authenticated, true),
        function("authorizer, new tokens", "authorizer", authorizer, authenticated, false),
        function("authorizer with route mappings, new tokens", "authorizer", authorizer, mappings, false),
        function("credentials, new tokens", "credentials", credentials, &[], false),
    ]
}

async fn count(scene: &Scene, function: &Function<'_>) -> anyhow::Result<Cost> {
    let few = Profile::parse(&function.watch(scene, FEW, &[]).await?)?.cost();
    let many = Profile::parse(&function.watch(scene, FEW + MORE, &[]).await?)?.cost();
    Ok(many.less(few).per(MORE))
}

fn text(counted: &[(&str, Cost)]) -> String {
    let mut text = format!("{:<46}{:>14}{:>14}\n", "each warm request", "instructions", "allocations");
    for (title, cost) in counted {
        text += &format!("{title:<46}{:>14}{:>14}\n", grouped(cost.instructions()), grouped(cost.allocations));
    }
    text
}

fn json(counted: &[(&str, Cost)]) -> Value {
    let each = |(title, cost): &(&str, Cost)| json!({"request": title, "instructions": cost.instructions(), "allocations": cost.allocations});
    counted.iter().map(each).collect()
}
