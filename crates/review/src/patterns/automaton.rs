//! Patterns as automata over bytes. A place is a number of tokens left behind; a star may be left without a byte.

use std::collections::BTreeSet;

use brevet_policy::Pattern;

use super::Budget;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Token {
    Byte(u8),
    WithinSegment,
    Across,
}

pub(super) struct Automaton(Vec<Token>);

/// A byte that stands for all which no pattern at hand names, or one that is named.
type Symbol = Option<u8>;

impl Automaton {
    pub(super) fn of(pattern: &Pattern) -> Self {
        let mut tokens: Vec<Token> = Vec::new();
        for byte in pattern.as_str().bytes() {
            match (byte, tokens.last_mut()) {
                (b'*', Some(last @ Token::WithinSegment)) => *last = Token::Across,
                (b'*', _) => tokens.push(Token::WithinSegment),
                (byte, _) => tokens.push(Token::Byte(byte)),
            }
        }
        Self(tokens)
    }

    /// The place and all that can be reached from it without a byte.
    fn rest(&self, place: usize) -> impl Iterator<Item = usize> {
        let stars = self.0.iter().skip(place).take_while(|token| !matches!(token, Token::Byte(_))).count();
        place..=place + stars
    }

    /// Where a byte leads from here.
    fn step(&self, place: usize, symbol: Symbol) -> Option<usize> {
        match self.0.get(place)? {
            Token::Byte(own) => (symbol == Some(*own)).then_some(place + 1),
            Token::WithinSegment => (symbol != Some(b'/')).then_some(place),
            Token::Across => Some(place),
        }
    }

    fn is_end(&self, place: usize) -> bool {
        place == self.0.len()
    }

    fn bytes(&self) -> impl Iterator<Item = Symbol> {
        self.0.iter().filter_map(|token| match token {
            Token::Byte(byte) => Some(Some(*byte)),
            Token::WithinSegment | Token::Across => None,
        })
    }
}

/// The bytes that patterns tell apart, and one for all others.
fn alphabet<'a>(automata: impl Iterator<Item = &'a Automaton>) -> BTreeSet<Symbol> {
    automata.flat_map(Automaton::bytes).chain([None, Some(b'/')]).collect()
}

/// Looks for a value that one pattern matches and none of others does.
pub(super) struct Search<'a> {
    narrow: &'a Automaton,
    wide: &'a [Automaton],
    alphabet: BTreeSet<Symbol>,
}

/// Every place the wide patterns can be in after the same bytes: which pattern, and where in it.
type Places = BTreeSet<(usize, usize)>;

impl<'a> Search<'a> {
    pub(super) fn new(narrow: &'a Automaton, wide: &'a [Automaton]) -> Self {
        Self { narrow, wide, alphabet: alphabet(wide.iter().chain([narrow])) }
    }

    /// `None` if it gave up.
    pub(super) fn finds_no_value_outside(&self, budget: &mut Budget) -> Option<bool> {
        let start = self.places(self.wide.iter().enumerate().map(|(index, _)| (index, 0)));
        let mut open: Vec<(usize, Places)> = self.narrow.rest(0).map(|place| (place, start.clone())).collect();
        let mut seen: BTreeSet<(usize, Places)> = open.iter().cloned().collect();
        while let Some((place, places)) = open.pop() {
            if self.narrow.is_end(place) && !self.accepts(&places) {
                return Some(false);
            }
            for symbol in &self.alphabet {
                let Some(next) = self.narrow.step(place, *symbol) else { continue };
                budget.spend(1 + places.len())?;
                let after = self.after(&places, *symbol);
                for next in self.narrow.rest(next) {
                    if seen.insert((next, after.clone())) {
                        open.push((next, after.clone()));
                    }
                }
            }
        }
        Some(true)
    }

    fn places(&self, from: impl Iterator<Item = (usize, usize)>) -> Places {
        let rests = from.filter_map(|(index, place)| Some((index, self.wide.get(index)?.rest(place))));
        rests.flat_map(|(index, rest)| rest.map(move |place| (index, place))).collect()
    }

    fn after(&self, places: &Places, symbol: Symbol) -> Places {
        let step = |(index, place): &(usize, usize)| Some((*index, self.wide.get(*index)?.step(*place, symbol)?));
        self.places(places.iter().filter_map(step))
    }

    fn accepts(&self, places: &Places) -> bool {
        places.iter().any(|(index, place)| self.wide.get(*index).is_some_and(|wide| wide.is_end(*place)))
    }
}

/// Whether a value exists that both match; `None` if it gave up.
pub(super) fn meet(one: &Automaton, other: &Automaton, budget: &mut Budget) -> Option<bool> {
    let alphabet = alphabet([one, other].into_iter());
    let pairs = |(left, right): (usize, usize)| {
        one.rest(left).flat_map(move |left| other.rest(right).map(move |right| (left, right)))
    };
    let mut open: Vec<(usize, usize)> = pairs((0, 0)).collect();
    let mut seen: BTreeSet<(usize, usize)> = open.iter().copied().collect();
    while let Some((left, right)) = open.pop() {
        if one.is_end(left) && other.is_end(right) {
            return Some(true);
        }
        budget.spend(alphabet.len())?;
        for symbol in &alphabet {
            if let (Some(left), Some(right)) = (one.step(left, *symbol), other.step(right, *symbol)) {
                open.extend(pairs((left, right)).filter(|pair| seen.insert(*pair)));
            }
        }
    }
    Some(false)
}
