use serde_json::{Map, Value, json};

/// DynamoDB's expressions, as far as a counter with a limit needs them: comparisons, `attribute_not_exists`, `AND` and
/// `OR` without brackets (`AND` binds tighter), `SET a = :v` and `ADD a :v`.
///
/// Anything else panics: a fake that guesses would let a wrong expression pass.
pub(super) struct Expressions<'a> {
    names: Option<&'a Map<String, Value>>,
    values: Option<&'a Map<String, Value>>,
}

impl<'a> Expressions<'a> {
    pub(super) fn of(request: &'a Value) -> Self {
        let part = |name: &str| request.get(name).and_then(Value::as_object);
        Self { names: part("ExpressionAttributeNames"), values: part("ExpressionAttributeValues") }
    }

    pub(super) fn holds(&self, condition: &str, item: &Map<String, Value>) -> bool {
        condition.split(" OR ").any(|all| all.split(" AND ").all(|term| self.term_holds(term.trim(), item)))
    }

    pub(super) fn apply(&self, update: &str, item: &mut Map<String, Value>) {
        let mut section = "";
        for clause in update.replace("SET ", ",SET ").replace("ADD ", ",ADD ").split(',') {
            let mut words: Vec<&str> = clause.split_whitespace().collect();
            if let Some(keyword @ ("SET" | "ADD")) = words.first().copied() {
                section = keyword;
                words.remove(0);
            }
            match (section, words.as_slice()) {
                (_, []) => {}
                ("SET", [attribute, "=", value]) => {
                    item.insert(self.name(attribute), self.value(value).clone());
                }
                ("ADD", [attribute, value]) => {
                    let name = self.name(attribute);
                    let sum = item.get(&name).map_or(0, number) + number(self.value(value));
                    item.insert(name, json!({"N": sum.to_string()}));
                }
                _ => panic!("the fake does not know this update: `{clause}`"),
            }
        }
    }

    fn term_holds(&self, term: &str, item: &Map<String, Value>) -> bool {
        if let Some(attribute) = term.strip_prefix("attribute_not_exists(").and_then(|rest| rest.strip_suffix(')')) {
            return !item.contains_key(&self.name(attribute));
        }
        let words: Vec<&str> = term.split_whitespace().collect();
        let [attribute, comparison, value] = words.as_slice() else {
            panic!("the fake does not know this condition: `{term}`")
        };
        let Some(found) = item.get(&self.name(attribute)) else { return false };
        let expected = self.value(value);
        match *comparison {
            "=" => found == expected,
            "<" => number(found) < number(expected),
            "<=" => number(found) <= number(expected),
            ">" => number(found) > number(expected),
            other => panic!("the fake does not know this comparison: `{other}`"),
        }
    }

    fn name(&self, written: &str) -> String {
        let named = self.names.and_then(|names| names.get(written)).and_then(Value::as_str);
        named.unwrap_or(written).to_owned()
    }

    fn value(&self, written: &str) -> &'a Value {
        let value = self.values.and_then(|values| values.get(written));
        value.unwrap_or_else(|| panic!("the expression uses `{written}`, which has no value"))
    }
}

fn number(value: &Value) -> i64 {
    let digits = value.get("N").and_then(Value::as_str);
    digits.and_then(|digits| digits.parse().ok()).unwrap_or_else(|| panic!("`{value}` is no number"))
}
