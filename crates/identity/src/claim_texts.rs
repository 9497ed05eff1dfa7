use crate::claims::ClaimName;

/// The single-valued claims of a token as presented: one text, and where each claim ends in it. A verifier remembers
/// a thousand tokens of forty claims, and so many strings of their own would take three times the memory.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct ClaimTexts {
    text: String,
    /// In the claim table's order.
    ends: Vec<(ClaimName, usize)>,
}

impl ClaimTexts {
    /// Keeps the claims, which come in the table's order.
    pub(crate) fn in_table_order<'a>(claims: impl Iterator<Item = (ClaimName, &'a str)> + Clone) -> Self {
        let mut texts = Self {
            text: String::with_capacity(claims.clone().map(|(_, value)| value.len()).sum()),
            ends: Vec::with_capacity(claims.clone().count()),
        };
        for (name, value) in claims {
            texts.text.push_str(value);
            texts.ends.push((name, texts.text.len()));
        }
        texts
    }

    pub(crate) fn get(&self, name: ClaimName) -> Option<&str> {
        let at = self.ends.binary_search_by_key(&name, |(name, _)| *name).ok()?;
        let start = at.checked_sub(1).and_then(|before| self.ends.get(before)).map_or(0, |(_, end)| *end);
        let (_, end) = self.ends.get(at)?;
        self.text.get(start..*end)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (ClaimName, &str)> {
        let starts = std::iter::once(0).chain(self.ends.iter().map(|(_, end)| *end));
        self.ends.iter().zip(starts).filter_map(|((name, end), start)| Some((*name, self.text.get(start..*end)?)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gives_each_claim_its_own_text_and_no_other() {
        let named = |name| ClaimName::parse(name).unwrap();
        let claims =
            [(named("iss"), "https://é"), (named("project_id"), "4711"), (named("ref"), ""), (named("sha"), "x")];
        let texts = ClaimTexts::in_table_order(claims.into_iter());
        assert_eq!(texts.iter().collect::<Vec<_>>(), claims);
        let given: Vec<Option<&str>> = ClaimName::all().map(|name| texts.get(name)).filter(Option::is_some).collect();
        assert_eq!(given, claims.map(|(_, value)| Some(value)));
        assert_eq!(ClaimTexts::default().get(named("iss")), None);
    }
}
