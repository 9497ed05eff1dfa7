use std::collections::HashMap;

use brevet_identity::Principal;
use brevet_policy::{MappingName, Reading, Row, read, scopes_of};

/// Rows by scope and name, so that thousands of decisions over thousands of rows look at a few each.
pub(crate) struct Index {
    by_key: HashMap<(String, String), Vec<Reading>>,
    /// Rows without a readable scope have a say for every job.
    anywhere: Vec<Reading>,
}

impl Index {
    pub(crate) fn new(rows: &[Row]) -> Self {
        let mut index = Self { by_key: HashMap::new(), anywhere: Vec::new() };
        for reading in rows.iter().map(read) {
            let scope = match &reading {
                Reading::Valid(mapping) => Some(mapping.scope.clone()),
                Reading::Invalid(invalid) => invalid.scope(),
            };
            match scope {
                None => index.anywhere.push(reading),
                Some(scope) => {
                    let key = (scope.to_string(), reading.row_name().to_string());
                    index.by_key.entry(key).or_default().push(reading);
                }
            }
        }
        index
    }

    /// The rows that can have a say when this job asks for this name.
    pub(crate) fn that_matter(&self, principal: &Principal, name: &MappingName) -> Vec<Reading> {
        let scopes = scopes_of(principal);
        let keys = scopes
            .iter()
            .flat_map(|scope| [name.as_str(), "*"].map(|name| (scope.as_str().to_owned(), name.to_owned())));
        let found = keys.filter_map(|key| self.by_key.get(&key)).flatten();
        found.chain(&self.anywhere).cloned().collect()
    }
}
