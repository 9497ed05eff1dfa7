use serde_json::{Map, Value, json};

/// DynamoDB's expressions, as far as a set with a limit needs them: `a = :v`, `attribute_not_exists(a)`,
/// `size(a) < :v`, `contains(a, :v)`, `AND` and `OR` without brackets (`AND` binds tighter); `SET a = :v`, and `ADD` and
/// `DELETE` with sets of strings.
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
        for clause in update.replace("SET ", ",SET ").replace("ADD ", ",ADD ").replace("DELETE ", ",DELETE ").split(',')
        {
            let mut words: Vec<&str> = clause.split_whitespace().collect();
            if let Some(keyword @ ("SET" | "ADD" | "DELETE")) = words.first().copied() {
                section = keyword;
                words.remove(0);
            }
            match (section, words.as_slice()) {
                (_, []) => {}
                ("SET", [attribute, "=", value]) => {
                    item.insert(self.name(attribute), self.value(value).clone());
                }
                ("ADD" | "DELETE", [attribute, value]) => self.change_set(section == "ADD", attribute, value, item),
                _ => panic!("the fake does not know this update: `{clause}`"),
            }
        }
    }

    fn change_set(&self, add: bool, attribute: &str, value: &str, item: &mut Map<String, Value>) {
        let name = self.name(attribute);
        let change = members(self.value(value));
        let mut set = item.get(&name).map(members).unwrap_or_default();
        set.retain(|member| !change.contains(member));
        if add {
            set.extend(change);
        }
        // DynamoDB knows no empty set.
        if set.is_empty() {
            item.remove(&name);
        } else {
            item.insert(name, json!({"SS": set}));
        }
    }

    fn term_holds(&self, term: &str, item: &Map<String, Value>) -> bool {
        if let Some(attribute) = term.strip_prefix("attribute_not_exists(").and_then(|rest| rest.strip_suffix(')')) {
            return !item.contains_key(&self.name(attribute));
        }
        if let Some(arguments) = term.strip_prefix("contains(").and_then(|rest| rest.strip_suffix(')')) {
            let (attribute, value) = arguments.split_once(", ").expect("`contains` has two arguments");
            let wanted = self.value(value).get("S").and_then(Value::as_str).expect("a set of strings contains text");
            return item.get(&self.name(attribute)).map(members).unwrap_or_default().iter().any(|text| text == wanted);
        }
        let words: Vec<&str> = term.split_whitespace().collect();
        let [operand, comparison, value] = words.as_slice() else {
            panic!("the fake does not know this condition: `{term}`")
        };
        let sized = operand.strip_prefix("size(").and_then(|rest| rest.strip_suffix(')'));
        let Some(found) = item.get(&self.name(sized.unwrap_or(operand))) else { return false };
        match (sized, *comparison) {
            (None, "=") => found == self.value(value),
            (Some(_), "<") => members(found).len() < number(self.value(value)),
            _ => panic!("the fake does not know this condition: `{term}`"),
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

fn number(value: &Value) -> usize {
    let digits = value.get("N").and_then(Value::as_str);
    digits.and_then(|digits| digits.parse().ok()).unwrap_or_else(|| panic!("`{value}` is no number"))
}

fn members(set: &Value) -> Vec<String> {
    let members = set.get("SS").and_then(Value::as_array).unwrap_or_else(|| panic!("`{set}` is no set of strings"));
    members.iter().filter_map(Value::as_str).map(str::to_owned).collect()
}
