//! Whatever is written is read back the same, and DynamoDB's own freedom changes nothing.

use proptest::prelude::*;
use proptest::sample::{select, subsequence};

use super::*;

/// JSON as rows may hold it, and as no row should.
fn any_json() -> impl Strategy<Value = Value> {
    let number = prop_oneof![
        any::<u64>().prop_map(|number| json!(number)),
        any::<i64>().prop_map(|number| json!(number)),
        // Of few digits: `serde_json` may read the seventeenth as its neighbour.
        any::<i32>().prop_map(|eighths| json!(f64::from(eighths) / 8.0)),
    ];
    let text = prop_oneof!["\\PC{0,6}", "(?s).{0,6}", "[0-9]{1,20}"].prop_map(Value::String);
    let leaf = prop_oneof![Just(Value::Null), any::<bool>().prop_map(Value::Bool), number, text];
    leaf.prop_recursive(3, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::Array),
            prop::collection::btree_map("[a-z_.]{0,6}", inner, 0..4)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

/// Patterns and ids for a condition, none twice, in two orders.
fn any_set(items: &[&'static str]) -> impl Strategy<Value = (Vec<String>, Vec<String>)> {
    let chosen = subsequence(items.to_vec(), 1..=items.len()).prop_shuffle();
    let chosen = chosen.prop_flat_map(|items| (Just(items.clone()), Just(items).prop_shuffle()));
    chosen.prop_map(|(one, other)| [one, other].map(|items| items.into_iter().map(str::to_owned).collect()).into())
}

fn deploy_if(claim: &str, patterns: AttributeValue) -> HashMap<String, AttributeValue> {
    let mut item = deploy();
    let conditions = HashMap::from([("ref_protected".to_owned(), text("true")), (claim.to_owned(), patterns)]);
    item.insert("conditions".to_owned(), AttributeValue::M(conditions));
    item
}

proptest! {
    #[test]
    fn every_row_comes_back_as_it_was_written(row in prop::collection::btree_map("[a-z_]{1,8}", any_json(), 0..6)) {
        let row: Row = row.into_iter().collect();
        prop_assert_eq!(row_from_item(&item_from_row(&row)), row);
    }

    #[test]
    fn a_mapping_comes_back_as_it_was_written(attribute in select(brevet_policy::attributes().collect::<Vec<_>>()), value in any_json()) {
        let mut row = row_from_item(&deploy());
        row.insert(attribute.to_owned(), value);
        prop_assert_eq!(read(&row_from_item(&item_from_row(&row))), read(&row));
    }

    #[test]
    fn a_set_reads_the_same_in_whichever_order_it_comes(
        (refs, shuffled_refs) in any_set(&["main", "release/*", "hotfix/**", "v1.*"]),
        (ids, shuffled_ids) in any_set(&["7", "11", "2301", "2302", "999999999"]),
    ) {
        let sets = [(refs, shuffled_refs, "ref", AttributeValue::Ss as fn(_) -> _), (ids, shuffled_ids, "user_id", AttributeValue::Ns)];
        for (one, other, claim, set) in sets {
            let (one, other) = (row_from_item(&deploy_if(claim, set(one))), row_from_item(&deploy_if(claim, set(other))));
            prop_assert_eq!(&one, &other);
            prop_assert!(matches!(read(&one), Reading::Valid(_)));
        }
    }

    #[test]
    fn an_id_means_the_same_as_a_number_and_as_a_text(id in any::<u64>()) {
        let [number, digits] = [AttributeValue::N(id.to_string()), AttributeValue::S(id.to_string())];
        let (one, other) = (row_from_item(&deploy_if("user_id", number)), row_from_item(&deploy_if("user_id", digits)));
        prop_assert_eq!(read(&one), read(&other));
        prop_assert!(matches!(read(&one), Reading::Valid(_)));
    }
}
