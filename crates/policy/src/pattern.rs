use std::fmt;

/// A pattern over the value of one claim.
///
/// `*` stands for any run of characters within a `/` segment, `**` for any run at all, both possibly empty. Everything else,
/// a newline included, stands for itself, case kept. The whole value has to match.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern {
    text: String,
    tokens: Vec<Token>,
}

/// Why a text is not a pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PatternFault {
    /// Nothing could be meant by it but "absent", and an absent claim never matches.
    #[error("must not be empty")]
    Empty,
    /// Three stars or more: neither `*` nor `**`.
    #[error("has `***`; write `*` (within a segment) or `**` (across segments)")]
    ManyStars,
    /// Longer than any claim of use.
    #[error("is longer than {} bytes", Pattern::LONGEST)]
    TooLong,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Token {
    Byte(u8),
    WithinSegment,
    Across,
}

impl Pattern {
    const LONGEST: usize = 2_048;

    /// Reads a pattern.
    pub fn parse(text: &str) -> Result<Self, PatternFault> {
        if text.is_empty() {
            return Err(PatternFault::Empty);
        }
        if text.len() > Self::LONGEST {
            return Err(PatternFault::TooLong);
        }
        if text.contains("***") {
            return Err(PatternFault::ManyStars);
        }
        let mut tokens: Vec<Token> = Vec::with_capacity(text.len());
        for byte in text.bytes() {
            match (byte, tokens.last_mut()) {
                (b'*', Some(last @ Token::WithinSegment)) => *last = Token::Across,
                (b'*', _) => tokens.push(Token::WithinSegment),
                (byte, _) => tokens.push(Token::Byte(byte)),
            }
        }
        Ok(Self { text: text.to_owned(), tokens })
    }

    /// The pattern as written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether the whole of `value` matches. Takes time in proportion to both lengths, whatever the pattern.
    pub fn matches(&self, value: &str) -> bool {
        let Some(first_star) = self.text.find('*') else { return self.text == value };
        if !self.text.get(..first_star).is_some_and(|beginning| value.starts_with(beginning)) {
            return false;
        }
        // `reachable` says, for each place in the pattern, whether the tokens before it can use up the bytes so far.
        let mut reachable = self.step(vec![false; self.tokens.len()], None);
        for byte in value.bytes() {
            reachable.pop();
            reachable = self.step(reachable, Some(byte));
        }
        reachable.last().copied().unwrap_or(false)
    }

    /// One byte further; `None` is the step to the start.
    fn step(&self, reachable: Vec<bool>, byte: Option<u8>) -> Vec<bool> {
        let mut next = Vec::with_capacity(self.tokens.len() + 1);
        let mut arrived = byte.is_none();
        for (token, was_here) in self.tokens.iter().zip(reachable) {
            let stays = match (token, byte) {
                (Token::Byte(_), _) | (_, None) => false,
                (Token::WithinSegment, Some(byte)) => was_here && byte != b'/',
                (Token::Across, Some(_)) => was_here,
            };
            let here = arrived || stays;
            next.push(here);
            arrived = match token {
                Token::Byte(own) => was_here && byte == Some(*own),
                Token::WithinSegment | Token::Across => here,
            };
        }
        next.push(arrived);
        next
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.text)
    }
}

#[cfg(test)]
mod tests;
