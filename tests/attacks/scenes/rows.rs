//! Rows of every wrong shape: each attribute in each of DynamoDB's types, as an allow row and as a deny row.

use std::collections::BTreeMap;

use brevet_tests::aws::item;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::case_file::{Faults, check_names, read};
use crate::world::{Outcome, World};

const GOOD_ROLE: &str = "arn:aws:iam::111122223333:role/brevet/good";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    #[expect(dead_code, reason = "for people who read the table")]
    attacks: String,
    /// Values in DynamoDB's own notation, by what they are called.
    shapes: BTreeMap<String, Value>,
    attributes: Vec<Attribute>,
    listed: Vec<Listed>,
}

/// An attribute of an allow row that is good otherwise.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Attribute {
    attribute: String,
    /// The code without it.
    missing: String,
    /// The shapes that can be read, with the code. Every other makes the row invalid.
    #[serde(default)]
    read_as: BTreeMap<String, String>,
    /// The code of an invalid row.
    #[serde(default = "no_mapping")]
    invalid: String,
    /// The shapes with which a deny row is read and spares this job.
    #[serde(default)]
    deny_spares: Vec<String>,
    /// The shapes that may have been meant for a deny row, which an allow row is then taken for.
    #[serde(default)]
    denies_by: Vec<String>,
}

fn no_mapping() -> String {
    "no_mapping".to_owned()
}

impl Attribute {
    fn code(&self, shape: &str) -> &str {
        if self.denies_by.iter().any(|denies| denies == shape) {
            return "explicitly_denied";
        }
        self.read_as.get(shape).unwrap_or(&self.invalid)
    }
}

/// A row found by listing, beside a good one, where no name was asked for.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Listed {
    name: String,
    row: Map<String, Value>,
    expect: String,
}

struct Told {
    code: String,
    role: Value,
    outcome: Outcome,
}

impl Told {
    fn faulty_attributes(&self) -> Vec<&str> {
        let invalid = self.outcome.log.iter().filter(|line| line["kind"] == "invalid_mapping");
        let faults = invalid.filter_map(|line| line["row"]["faults"].as_array()).flatten();
        faults.filter_map(|fault| fault["attribute"].as_str()?.split(['.', '[']).next()).collect()
    }

    fn counted(&self) -> usize {
        self.outcome.log.iter().filter(|line| line.get("InvalidMapping").is_some()).count()
    }
}

async fn ask(world: &mut World, event: &str, token: &str) -> Told {
    let outcome = world.send(event, token, |_| {}).await;
    let answer = outcome.answer.as_ref().expect("the function always answers");
    let body: Value = serde_json::from_str(answer["body"].as_str().expect("the body is text")).expect("it is JSON");
    Told { code: body["code"].as_str().unwrap_or("granted").to_owned(), role: body["RoleArn"].clone(), outcome }
}

/// A row in DynamoDB's notation, with one attribute replaced or taken away.
fn row(plain: Value, attribute: &str, shape: Option<&Value>) -> Value {
    let mut row = item(&plain);
    let members = row.as_object_mut().expect("an item is an object");
    match shape {
        Some(shape) => drop(members.insert(attribute.to_owned(), shape.clone())),
        None => drop(members.remove(attribute)),
    }
    row
}

fn allow_row(world: &World) -> Value {
    json!({"scope": world.scope(), "name": "deploy", "role_arn": "arn:aws:iam::111122223333:role/brevet/deploy",
           "conditions": {"ref_protected": "true"}})
}

fn deny_row(world: &World) -> Value {
    json!({"scope": world.scope(), "name": "deploy", "effect": "deny"})
}

fn good_row(world: &World) -> Value {
    json!({"scope": world.host(), "name": "deploy", "role_arn": GOOD_ROLE, "conditions": {"ref_protected": "true"}})
}

fn put(world: &World, rows: impl IntoIterator<Item = Value>) {
    world.aws.empty_table(crate::world::TABLE);
    rows.into_iter().for_each(|row| world.aws.put_item(crate::world::TABLE, row));
}

#[tokio::test]
async fn an_allow_row_of_a_wrong_shape_grants_nothing_says_so_and_leaves_a_good_one_alone() {
    let table: Table = read("rows.json");
    let (mut names, mut faults) = (Vec::new(), Faults::default());
    let mut world = super::world("credentials", &[]).await;
    for attribute in &table.attributes {
        let token = world.token(|job| job);
        for (shape, value) in &table.shapes {
            let name = format!("{} is {shape}", attribute.attribute);
            let wrong = row(allow_row(&world), &attribute.attribute, Some(value));
            let read_as = attribute.read_as.get(shape);

            put(&world, [wrong.clone()]);
            let alone = ask(&mut world, "rest-get", &token).await;
            faults.expect(&name, alone.code.as_str(), attribute.code(shape));
            let told = (alone.faulty_attributes().contains(&attribute.attribute.as_str()), alone.counted());
            faults.expect(
                format!("{name}: told and counted"),
                told,
                (read_as.is_none(), usize::from(read_as.is_none())),
            );

            put(&world, [wrong, item(&good_row(&world))]);
            let beside = ask(&mut world, "rest-get", &token).await;
            let expected = if alone.code == "explicitly_denied" { "explicitly_denied" } else { "granted" };
            faults.expect(format!("{name}, beside a good row"), beside.code.as_str(), expected);
            let granted_by_it = beside.code == "granted" && beside.role != GOOD_ROLE;
            faults.expect(format!("{name}, its role beside a good row"), granted_by_it, alone.code == "granted");
            names.push(name);
        }
    }
    faults.are_none();
    check_names(names.iter().map(String::as_str), 1_054);
}

#[tokio::test]
async fn a_row_without_an_attribute_gives_nothing_that_needs_it() {
    let table: Table = read("rows.json");
    let mut world = super::world("credentials", &[]).await;
    for attribute in &table.attributes {
        put(&world, [row(allow_row(&world), &attribute.attribute, None)]);
        let token = world.token(|job| job);
        let told = ask(&mut world, "rest-get", &token).await;
        assert_eq!(told.code, attribute.missing, "{} is missing: {:?}", attribute.attribute, told.outcome);
    }
}

#[tokio::test]
async fn a_deny_row_of_a_wrong_shape_denies_what_it_could_have() {
    let table: Table = read("rows.json");
    let (mut names, mut faults) = (Vec::new(), Faults::default());
    let mut world = super::world("credentials", &[]).await;
    let token = world.token(|job| job);
    for attribute in table.attributes.iter().filter(|attribute| attribute.attribute != "effect") {
        for (shape, value) in &table.shapes {
            let name = format!("{} is {shape}", attribute.attribute);
            put(&world, [row(deny_row(&world), &attribute.attribute, Some(value)), item(&good_row(&world))]);
            let told = ask(&mut world, "rest-get", &token).await;
            let expected = if attribute.deny_spares.contains(shape) { "granted" } else { "explicitly_denied" };
            faults.expect(format!("{name}, in a deny row"), told.code.as_str(), expected);
            names.push(name);
        }
    }
    faults.are_none();
    check_names(names.iter().map(String::as_str), 1_023);
}

#[tokio::test]
async fn a_row_that_only_a_listing_finds_is_no_better() {
    let table: Table = read("rows.json");
    check_names(table.listed.iter().map(|case| case.name.as_str()), 57);
    let mut faults = Faults::default();
    let mut world = super::world("credentials", &[]).await;
    let token = world.token(|job| job);
    for case in &table.listed {
        let mut wrong = crate::world::object(allow_row(&world));
        wrong.extend(case.row.clone());
        wrong.retain(|_, value| !value.is_null());
        put(&world, [item(&Value::Object(wrong)), item(&good_row(&world))]);
        let told = ask(&mut world, "rest-get-without-role", &token).await;
        faults.expect(&case.name, &told.code, &case.expect);
        assert!(told.code != "granted" || told.role == GOOD_ROLE, "{}: {}", case.name, told.role);
    }
    faults.are_none();
}
