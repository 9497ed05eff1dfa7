//! Conditions whose patterns somebody tries to get around.

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::both::Both;
use super::case_file::{check_names, read};
use super::scene::Scene;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    #[expect(dead_code, reason = "for people who read the table")]
    attacks: String,
    patterns: Vec<Group>,
    unreadable: Vec<Unreadable>,
}

/// A pattern, or a list of them, with values that match and values that do not.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Group {
    claim: String,
    pattern: Value,
    #[serde(default)]
    met_by: Vec<Value>,
    not_met_by: Vec<Value>,
}

/// A condition that makes its row invalid.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Unreadable {
    claim: String,
    patterns: Vec<Value>,
}

impl Group {
    fn scenes(&self) -> impl Iterator<Item = Scene> {
        let met = self.met_by.iter().map(|value| (value, "granted"));
        let unmet = self.not_met_by.iter().map(|value| (value, "conditions_not_met"));
        met.chain(unmet).map(|(value, expect)| scene(&self.claim, &self.pattern, Some(value), expect))
    }
}

/// A job that presents this value, or an ordinary one, where the row has this condition.
fn scene(claim: &str, pattern: &Value, presented: Option<&Value>, expect: &str) -> Scene {
    let mut claims = Map::new();
    if let Some(value) = presented {
        claims.insert(claim.to_owned(), value.clone());
    }
    if let (Some(name), "ref") = (presented.and_then(Value::as_str), claim) {
        claims.insert("ref_path".to_owned(), json!(format!("refs/heads/{name}")));
    }
    let mut conditions = json!({"ref_protected": "true"});
    conditions[claim] = pattern.clone();
    let row = crate::world::object(json!({"conditions": conditions}));
    let name = format!("{claim} {} against {}", short(pattern), presented.map_or("anything".to_owned(), short));
    Scene { name, claims, rows: vec![row], expect: expect.to_owned(), ..Scene::default() }
}

/// As JSON, with the beginning and the length of what is too long for a name.
fn short(value: &Value) -> String {
    let text = value.to_string();
    if text.len() <= 200 {
        text
    } else {
        format!("{}... ({} bytes)", text.chars().take(20).collect::<String>(), text.len())
    }
}

fn scenes() -> Vec<Scene> {
    let table: Table = read("patterns.json");
    let unreadable = table
        .unreadable
        .iter()
        .flat_map(|group| group.patterns.iter().map(|pattern| scene(&group.claim, pattern, None, "no_mapping")));
    table.patterns.iter().flat_map(Group::scenes).chain(unreadable).collect()
}

#[tokio::test]
async fn a_value_meets_a_condition_only_as_the_pattern_says() {
    let scenes = scenes();
    check_names(scenes.iter().map(|scene| scene.name.as_str()), 282);
    Both::start().await.play(&scenes).await;
}
