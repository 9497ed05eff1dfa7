//! Attacks that take more than a token: what kind of job it is, which rows there are, how the question is put and where
//! the token stands. Each family has a table in `cases/` and a runner beside it.

mod both;
mod case_file;
mod headers;
mod patterns;
mod questions;
mod routes;
mod rows;
mod scene;
mod shapes;
mod vectors;

use brevet_tests::gitlab::LocalGitlab;
use serde_json::json;

use crate::support::trust;
use crate::world::World;

/// A function whose issuer has static keys: what is attacked here comes after keys, and a machine that is too busy to
/// fetch them in time should fail no case.
async fn world(kind: &'static str, variables: &[(&str, &str)]) -> World {
    let gitlab = LocalGitlab::start().await;
    let trusted = trust(&gitlab, json!({"jwks": gitlab.instance().key_set()}));
    World::start_with(kind, gitlab, trusted, variables).await
}
