//! Texts with placeholders, `{{name}}` or `{{name|filter}}`, whose values are bytes.

/// Fills a template; `value` knows the names. `{{5000*x}}` is `x` five thousand times, `{{hex ff00}}` any bytes.
pub(super) fn fill(template: &str, value: &dyn Fn(&str) -> Option<Vec<u8>>) -> Vec<u8> {
    let mut filled = Vec::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once("{{") {
        let (inside, after) = after.split_once("}}").unwrap_or_else(|| panic!("`{{{{` without end in {template}"));
        filled.extend_from_slice(before.as_bytes());
        filled.extend(placeholder(inside, value));
        rest = after;
    }
    filled.extend_from_slice(rest.as_bytes());
    filled
}

fn placeholder(inside: &str, value: &dyn Fn(&str) -> Option<Vec<u8>>) -> Vec<u8> {
    if let Some((Ok(times), text)) = inside.split_once('*').map(|(times, text)| (times.parse(), text)) {
        return text.repeat(times).into_bytes();
    }
    if let Some(digits) = inside.strip_prefix("hex ") {
        return hex(digits);
    }
    let (name, filter) = inside.split_once('|').map_or((inside, None), |(name, filter)| (name, Some(filter)));
    let plain = value(name).unwrap_or_else(|| panic!("there is no placeholder `{name}`"));
    let Some(filter) = filter else { return plain };
    let text = String::from_utf8(plain).unwrap_or_else(|_| panic!("`{name}` is no text to be filtered"));
    let changed = respelled(&text, filter);
    assert_ne!(changed, text, "`{filter}` does nothing to `{name}`");
    changed.into_bytes()
}

fn hex(digits: &str) -> Vec<u8> {
    let number = |at: usize| digits.get(at..at + 2).and_then(|pair| u8::from_str_radix(pair, 16).ok());
    (0..digits.len())
        .step_by(2)
        .map(|at| number(at).unwrap_or_else(|| panic!("`{digits}` is not hexadecimal")))
        .collect()
}

/// Another spelling of the same text, or of the same base64url.
fn respelled(text: &str, filter: &str) -> String {
    let (first, second) = text.split_at(text.len() / 2);
    match filter {
        "bare" => text.trim_matches('"').to_owned(),
        "upper" => text.to_uppercase(),
        "lower" => text.to_lowercase(),
        "padded" => format!("{text}{}", "=".repeat((4 - text.len() % 4) % 4)),
        "standard alphabet" => text.replace('-', "+").replace('_', "/"),
        "trailing bits" => with_trailing_bits(text),
        "percent" => text.replace('-', "%2D").replace('_', "%5F"),
        "twice" => format!("{text}{text}"),
        "half" => first.to_owned(),
        "without its last character" => text.get(..text.len() - 1).unwrap_or_default().to_owned(),
        "with another first character" => {
            let other = if text.starts_with('A') { 'B' } else { 'A' };
            format!("{other}{}", text.get(1..).unwrap_or_default())
        }
        _ => {
            let inserted = filter.strip_prefix("split by ").unwrap_or_else(|| panic!("there is no filter `{filter}`"));
            format!("{first}{inserted}{second}")
        }
    }
}

/// Sets the bits of the last character that no byte uses.
fn with_trailing_bits(text: &str) -> String {
    const ALPHABET: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    assert!(!text.len().is_multiple_of(4), "the text has no unused bits");
    let last = text.chars().last().and_then(|last| ALPHABET.find(last)).expect("the text is base64url");
    let other = ALPHABET.chars().nth(last | 1).expect("the number is below 64");
    format!("{}{other}", text.get(..text.len() - 1).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(template: &str) -> String {
        String::from_utf8(fill(template, &|name| (name == "a").then(|| b"x_-y".to_vec()))).unwrap()
    }

    #[test]
    fn puts_values_where_their_names_stand() {
        assert_eq!(filled("{ {{a}}}{{3*[}}{{hex 4142}}"), "{ x_-y}[[[AB");
        assert_eq!(filled("{{a|split by =}} {{a|standard alphabet}}"), "x_=-y x/+y");
    }

    #[test]
    #[should_panic(expected = "does nothing")]
    fn refuses_an_attack_that_changes_nothing() {
        filled("{{a|padded}}");
    }

    #[test]
    #[should_panic(expected = "there is no placeholder")]
    fn refuses_a_name_it_does_not_know() {
        filled("{{b}}");
    }

    #[test]
    fn sets_bits_that_no_byte_uses() {
        assert_eq!(with_trailing_bits("YQ"), "YR");
    }
}
