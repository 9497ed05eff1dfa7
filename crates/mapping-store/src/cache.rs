use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use brevet_policy::{MappingName, Reading, Scope};

/// The most lookups that are kept.
const MOST: usize = 512;

/// What was looked up: a name, and in which scopes.
pub(crate) type Question = (Vec<Scope>, MappingName);

/// Answers of the table, for deployments that accept a revoked row to live on for a while. Holds nothing by default.
#[derive(Debug)]
pub(crate) struct Cache {
    seconds: u64,
    answers: Mutex<HashMap<Question, Answer>>,
}

#[derive(Debug)]
struct Answer {
    readings: Vec<Reading>,
    fresh_until: u64,
}

impl Cache {
    pub(crate) fn new(seconds: u64) -> Self {
        Self { seconds, answers: Mutex::default() }
    }

    pub(crate) fn get(&self, question: &Question, now: u64) -> Option<Vec<Reading>> {
        if self.seconds == 0 {
            return None;
        }
        let answers = self.answers.lock().unwrap_or_else(PoisonError::into_inner);
        answers.get(question).filter(|answer| now < answer.fresh_until).map(|answer| answer.readings.clone())
    }

    /// Keeps an answer, counted from the moment the question was asked.
    pub(crate) fn put(&self, question: Question, readings: &[Reading], asked_at: u64) {
        if self.seconds == 0 {
            return;
        }
        let mut answers = self.answers.lock().unwrap_or_else(PoisonError::into_inner);
        if answers.len() >= MOST {
            answers.retain(|_, answer| asked_at < answer.fresh_until);
        }
        if answers.len() >= MOST {
            answers.clear();
        }
        let fresh_until = asked_at.saturating_add(self.seconds);
        answers.insert(question, Answer { readings: readings.to_vec(), fresh_until });
    }
}

#[cfg(test)]
mod tests;
