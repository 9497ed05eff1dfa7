use super::*;

fn transcript(secrets: &[&str]) -> Transcript {
    let redactor = Redactor::default();
    redactor.learn(secrets.iter().copied());
    Transcript::new(Arc::new(redactor))
}

/// The lines of an output that arrives in chunks of a size; `+` stands after a piece that is continued.
fn lines(transcript: &mut Transcript, output: &[u8], chunk: usize) -> Vec<String> {
    let mut lines: Vec<Line> = output.chunks(chunk).flat_map(|bytes| transcript.feed(bytes)).collect();
    lines.extend(transcript.finish());
    lines.iter().map(|line| format!("{}{}", line.text.as_str(), if line.continues { "+" } else { "" })).collect()
}

/// The text of an output, put together again.
fn joined(lines: &[String]) -> String {
    let each = lines.iter().map(|line| line.strip_suffix('+').map_or_else(|| format!("{line}\n"), str::to_owned));
    each.collect()
}

#[test]
fn a_secret_is_found_however_the_writes_cut_it() {
    let secret = "wJalrXUtnFEMI-K7MDENG";
    let output = format!("one\nkey={secret} end\n\u{2705} {secret}");
    for chunk in 1..output.len() {
        let lines = lines(&mut transcript(&[secret]), output.as_bytes(), chunk);
        assert_eq!(lines, ["one", "key=[redacted] end", "\u{2705} [redacted]"], "{chunk}");
    }
}

#[test]
fn a_secret_is_found_wherever_an_endless_line_is_cut() {
    let secret = "wJalrXUtnFEMI-K7MDENG";
    let jwt = format!("eyJ{}.eyJ{}.{}", "aB".repeat(500), "cD".repeat(2_000), "eF".repeat(300));
    for secret in [secret, &jwt] {
        let reach = secret.len() + 40;
        for shift in (0..reach).step_by(1 + reach / 12) {
            let cut = MAX_LINE_BYTES - HELD_BACK_BYTES;
            for end in [cut, MAX_LINE_BYTES] {
                let before = end + 20 - shift;
                let output = format!("{} {secret} {}", "a".repeat(before), "b".repeat(MAX_LINE_BYTES));
                let lines = lines(&mut transcript(&["wJalrXUtnFEMI-K7MDENG"]), output.as_bytes(), 50_000);
                let text = joined(&lines);
                let whole = format!("{} [redacted] {}\n", "a".repeat(before), "b".repeat(MAX_LINE_BYTES));
                assert!(text == whole, "{shift} {end}");
            }
        }
    }
}

#[test]
fn a_secret_longer_than_any_line_is_swallowed_to_its_end() {
    let secret = format!("IQoJ{}", "aB0/".repeat(100_000));
    let output = format!("token: {secret} end\nnext\n");
    let lines = lines(&mut transcript(&[]), output.as_bytes(), 8_192);
    assert!(lines.iter().all(|line| !line.contains("aB0/")), "{:?}", lines.iter().map(String::len).collect::<Vec<_>>());
    assert_eq!(joined(&lines), "token: [redacted] end\nnext\n");
}

#[test]
fn an_endless_line_arrives_whole_in_pieces_that_fit() {
    let output: String = (0..100_000).map(|number| format!("{number} \u{20ac} ")).collect();
    for chunk in [7, 4_096, 1_000_000] {
        let lines = lines(&mut transcript(&[]), output.as_bytes(), chunk);
        assert!(lines.len() > 5 && lines.iter().all(|line| line.len() <= MAX_LINE_BYTES));
        assert!(joined(&lines).trim_end() == output.trim_end(), "{chunk}");
    }
}

#[test]
fn a_private_key_is_secret_to_its_last_line() {
    let body = ["MIIEvQIBADANBgkqhkiG9w0BAQEFAASC", "Zm9vYmFy", "ab=="];
    for label in ["PRIVATE KEY", "RSA PRIVATE KEY", "OPENSSH PRIVATE KEY", "ENCRYPTED PRIVATE KEY"] {
        for indent in ["", "    ", "stdout | "] {
            let line = |text: &str| format!("{indent}{text}\n");
            let mut output = format!("before\n{}", line(&format!("-----BEGIN {label}-----")));
            output.extend(body.map(line));
            output.push_str(&format!("{}after\n", line(&format!("-----END {label}-----"))));
            let lines = lines(&mut transcript(&[]), output.as_bytes(), 10);
            assert!(!body.iter().any(|part| joined(&lines).contains(part)), "{label}: {lines:?}");
            assert_eq!((lines.first().unwrap().as_str(), lines.last().unwrap().as_str()), ("before", "after"));
        }
    }
}

#[test]
fn a_private_key_without_an_end_does_not_hide_the_rest_of_the_log() {
    let output = format!("-----BEGIN PRIVATE KEY-----\n{}", "line\n".repeat(1_000));
    let lines = lines(&mut transcript(&[]), output.as_bytes(), 512);
    assert_eq!((lines.len(), lines.last().unwrap().as_str()), (1_001, "line"));
}

#[test]
fn a_certificate_is_no_secret() {
    let output = "-----BEGIN CERTIFICATE-----\nMIIC\n-----END CERTIFICATE-----\n";
    assert_eq!(joined(&lines(&mut transcript(&[]), output.as_bytes(), 9)), output);
}

#[test]
fn line_feeds_and_carriage_returns_end_lines() {
    let cases: [(&str, &[&str]); 8] = [
        ("", &[]),
        ("a\nb", &["a", "b"]),
        ("a\n\nb\n", &["a", "", "b"]),
        ("a\r\nb\r\n", &["a", "b"]),
        ("a\r\n\r\nb\r\n", &["a", "", "b"]),
        ("10%\r20%\r100%\n", &["10%", "20%", "100%"]),
        ("\r\r50%\r\r\rdone\r", &["50%", "done"]),
        ("\ra\r\n", &["a"]),
    ];
    for (output, expected) in cases {
        for chunk in [1, 2, 100] {
            assert_eq!(lines(&mut transcript(&[]), output.as_bytes(), chunk), expected, "{output:?} {chunk}");
        }
    }
}

#[test]
fn colours_do_not_hide_a_secret() {
    let output = b"key \x1b[31mwJalrXUt\x1b[0mnFEMI-K7MDENG.\n";
    assert_eq!(lines(&mut transcript(&["wJalrXUtnFEMI-K7MDENG"]), output, 5), ["key [redacted]."]);
}

#[test]
fn bytes_that_are_no_text_are_replaced() {
    assert_eq!(lines(&mut transcript(&[]), b"a\xff\xfeb\0\n", 3), ["a\u{fffd}\u{fffd}b\0"]);
}
