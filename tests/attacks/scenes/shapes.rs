//! What GitLab's tokens look like, and who comes with one.

use serde::Deserialize;

use super::both::Both;
use super::case_file::{check_names, read};
use super::scene::Scene;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    #[expect(dead_code, reason = "for people who read the table")]
    attacks: String,
    cases: Vec<Scene>,
}

async fn play(table: &str, at_least: usize) {
    let table: Table = read(table);
    check_names(table.cases.iter().map(|scene| scene.name.as_str()), at_least);
    Both::start().await.play(&table.cases).await;
}

#[tokio::test]
async fn every_kind_of_pipeline_gets_what_its_token_proves() {
    play("shapes.json", 248).await;
}

#[tokio::test]
async fn neighbours_and_namesakes_get_nothing() {
    play("neighbours.json", 100).await;
}
