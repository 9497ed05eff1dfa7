use std::fmt;

/// A GitLab id: one to nineteen decimal digits without a leading zero, as a database `bigint` prints.
///
/// Nineteen digits keep `gl-<project>-<pipeline>-<job>` inside the 64 characters STS allows for a session name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NumericId(u64);

impl NumericId {
    /// The most digits an id may have.
    pub const MAX_DIGITS: usize = 19;

    /// Reads an id, or says nothing more than that it is not one.
    pub fn parse(text: &str) -> Option<Self> {
        let digits = (1..=Self::MAX_DIGITS).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
        let canonical = text == "0" || !text.starts_with('0');
        if digits && canonical { text.parse().ok().map(Self) } else { None }
    }
}

impl fmt::Display for NumericId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

impl serde::Serialize for NumericId {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_everything_that_is_not_a_canonical_decimal_id() {
        for text in ["", "-1", "+1", "1 ", " 1", "1.0", "0x1", "007", "١", "4711\n", "99999999999999999999"] {
            assert_eq!(NumericId::parse(text), None, "{text:?}");
        }
    }

    #[test]
    fn reads_ids_up_to_the_largest_bigint() {
        for text in ["0", "1", "4711", "9223372036854775807", "9999999999999999999"] {
            assert_eq!(NumericId::parse(text).unwrap().to_string(), text);
        }
    }
}
