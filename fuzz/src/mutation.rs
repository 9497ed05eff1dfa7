//! JSON changed as JSON, so that what a fuzzer tries is still read as far as where decisions are made.

use serde_json::{Value, json};

/// Words of events, claims and rows, one a line. The runner makes libFuzzer's dictionary of the same file.
const WORDS: &str = include_str!("../words.txt");

/// Changes the JSON in `data`, one time in three as bytes by `mutate_bytes` and otherwise as JSON; returns the new size.
pub fn mutate(
    data: &mut [u8],
    size: usize,
    max_size: usize,
    seed: u32,
    mutate_bytes: impl Fn(&mut [u8], usize, usize) -> usize,
) -> usize {
    let mut dice = Dice(u64::from(seed) | 1 << 40);
    if dice.roll(3) > 0
        && let Some(mut value) = data.get(..size).and_then(|data| serde_json::from_slice::<Value>(data).ok())
    {
        for _ in 0..=dice.roll(3) {
            change(&mut value, &mut dice);
        }
        let text = value.to_string();
        if text.len() <= max_size {
            data[..text.len()].copy_from_slice(text.as_bytes());
            return text.len();
        }
    }
    mutate_bytes(data, size, max_size)
}

/// Numbers that a seed decides (xorshift).
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).unwrap_or_default() % sides.max(1)
    }

    fn word(&mut self) -> &'static str {
        WORDS.lines().nth(self.roll(WORDS.lines().count())).unwrap_or_default()
    }
}

fn change(root: &mut Value, dice: &mut Dice) {
    let (target, source) = (dice.roll(count(root)), dice.roll(count(root)));
    let copied = nth(root, &mut source.clone()).cloned().unwrap_or_default();
    let Some(node) = nth(root, &mut target.clone()) else { return };
    match (dice.roll(6), node) {
        (0, node) => *node = copied,
        (1, node) => *node = atom(dice),
        (2 | 3, Value::Object(members)) => drop(members.insert(dice.word().to_owned(), copied)),
        (4, Value::Object(members)) => {
            let index = dice.roll(members.len());
            let name = members.keys().nth(index).cloned();
            name.map(|name| members.remove(&name));
        }
        (_, Value::Object(members)) => drop(members.insert(dice.word().to_owned(), atom(dice))),
        (2 | 3, Value::Array(items)) => items.push(copied),
        (4, Value::Array(items)) if !items.is_empty() => drop(items.remove(dice.roll(items.len()))),
        (_, Value::Array(items)) => items.push(atom(dice)),
        (2, Value::String(text)) => text.push_str(dice.word()),
        (3, Value::String(text)) => *text = text.chars().skip(1).collect(),
        (4, Value::String(text)) => drop(text.pop()),
        (_, Value::String(text)) => {
            let place = text.char_indices().map(|(place, _)| place).nth(dice.roll(text.chars().count())).unwrap_or(0);
            text.insert_str(place, dice.word());
        }
        (_, node) => *node = atom(dice),
    }
}

fn atom(dice: &mut Dice) -> Value {
    match dice.roll(12) {
        0 => Value::Null,
        1 => json!(true),
        2 => json!(false),
        3 => json!(dice.roll(5)),
        4 => json!([900, 3_600, 43_200, 1_790_000_060_u64, u64::MAX][dice.roll(5)]),
        5 => json!([-1.0, 0.5, 1e30][dice.roll(3)]),
        6 => [json!([]), json!({})][dice.roll(2)].clone(),
        7 => json!(["", "\u{0}", "é", "\u{2603}", " "][dice.roll(5)]),
        _ => json!(dice.word()),
    }
}

fn count(value: &Value) -> usize {
    1 + match value {
        Value::Array(items) => items.iter().map(count).sum(),
        Value::Object(members) => members.values().map(count).sum(),
        _ => 0,
    }
}

/// The node that is `left` nodes further on, in the order in which they are written.
fn nth<'a>(value: &'a mut Value, left: &mut usize) -> Option<&'a mut Value> {
    if *left == 0 {
        return Some(value);
    }
    *left -= 1;
    match value {
        Value::Array(items) => items.iter_mut().find_map(|item| nth(item, left)),
        Value::Object(members) => members.values_mut().find_map(|member| nth(member, left)),
        _ => None,
    }
}
