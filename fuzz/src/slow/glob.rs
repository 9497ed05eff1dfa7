/// Whether `text` matches `pattern` by IAM's rules for resources: `*` stands for any run of characters, `?` for one.
pub(crate) fn matches(pattern: &str, text: &str) -> bool {
    let (pattern, text): (Vec<char>, Vec<char>) = (pattern.chars().collect(), text.chars().collect());
    // `reached[j]` says whether the pattern so far matches the first `j` characters.
    let mut reached: Vec<bool> = (0..=text.len()).map(|length| length == 0).collect();
    for part in pattern {
        let before = reached;
        reached = Vec::with_capacity(before.len());
        for length in 0..before.len() {
            let shorter = length.checked_sub(1);
            reached.push(match part {
                '*' => before[length] || shorter.is_some_and(|shorter| reached[shorter]),
                '?' => shorter.is_some_and(|shorter| before[shorter]),
                literal => shorter.is_some_and(|shorter| before[shorter] && text[shorter] == literal),
            });
        }
    }
    reached[text.len()]
}
