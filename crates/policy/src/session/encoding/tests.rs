use proptest::prelude::*;

use super::*;

fn is_sendable(value: &str) -> bool {
    value.len() <= 256 && value.bytes().all(|byte| byte.is_ascii_alphanumeric() || b" _.:/=+@-".contains(&byte))
}

#[test]
fn keeps_plain_values_and_writes_every_other_byte_in_hexadecimal() {
    let cases = [
        ("", ""),
        ("main", "main"),
        ("feature/x y_z.1:2+3@4-5", "feature/x y_z.1:2+3@4-5"),
        ("a=b", "a=3Db"),
        ("a=3Db", "a=3D3Db"),
        ("é", "=C3=A9"),
        ("#1", "=231"),
        ("a\nb", "a=0Ab"),
        ("*", "=2A"),
        ("☃", "=E2=98=83"),
    ];
    for (text, encoded) in cases {
        assert_eq!(encode(text), encoded, "{text:?}");
    }
}

#[test]
fn cuts_what_is_too_long_before_a_whole_character_and_adds_its_digest() {
    assert_eq!(encode(&"a".repeat(256)), "a".repeat(256));
    let cut = encode(&"a".repeat(257));
    assert_eq!((cut.len(), &cut[..190]), (256, "a".repeat(190).as_str()));
    assert!(cut[190..].starts_with("==") && is_sendable(&cut));
    let wide = encode(&"#".repeat(100));
    assert_eq!(&wide[..191], format!("{}==", "=23".repeat(63)));
    assert!(is_sendable(&wide), "{wide}");
}

#[test]
fn tells_long_values_apart_by_their_last_character() {
    let (one, other) = (format!("{}1", "x".repeat(400)), format!("{}2", "x".repeat(400)));
    assert_ne!(encode(&one), encode(&other));
}

#[test]
fn never_gives_a_short_value_the_form_of_a_cut_one() {
    let cut = encode(&"x".repeat(400));
    assert_ne!(encode(&cut), cut);
}

proptest! {
    #[test]
    fn fits_whatever_the_text(text in "(?s).{0,300}") {
        prop_assert!(is_sendable(&encode(&text)));
    }

    #[test]
    fn never_makes_two_texts_one(one in "[=3Da#é\n]{0,6}", other in "[=3Da#é\n]{0,6}") {
        prop_assert_eq!(encode(&one) == encode(&other), one == other);
    }

    #[test]
    fn never_makes_a_text_one_with_its_own_encoding(text in "[=3Da#é\n]{0,6}|[x#]{80,90}|x{250,260}") {
        let encoded = encode(&text);
        prop_assert_eq!(encode(&encoded) == encoded, encoded == text);
    }

    #[test]
    fn tells_a_text_from_the_same_with_something_after_it(text in "[=3Da#é\n]{0,6}|[x#]{80,90}|x{250,260}", more in "[1=#]") {
        prop_assert_ne!(encode(&text), encode(&(text + &more)));
    }

    #[test]
    fn never_makes_two_long_texts_one(one in "[=#é]{80,140}", other in "[=#é]{80,140}") {
        prop_assert_eq!(encode(&one) == encode(&other), one == other);
    }

    #[test]
    fn never_writes_two_equals_signs_but_in_what_was_cut(text in "(?s).{0,80}") {
        let encoded = encode(&text);
        prop_assert_eq!(encoded.contains("=="), text.bytes().map(|byte| encode_byte(byte).len()).sum::<usize>() > 256);
    }
}
