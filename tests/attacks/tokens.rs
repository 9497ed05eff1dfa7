//! Tokens an attacker would send, and tokens a library's defaults would let through.

use brevet_tests::attacks::Table;

use super::range::Range;

/// The tables that say what is wrong with a token and nothing else.
pub(super) const TABLES: [&str; 8] =
    ["algorithms", "claims", "encoding", "issuers", "keys", "payloads", "times", "token_headers"];

#[tokio::test]
async fn every_token_gets_its_exact_answer_from_both_functions_and_no_other_call_is_made() {
    let mut range = Range::start().await;
    let mut faults = Vec::new();
    for name in TABLES {
        let table = Table::read(name);
        for cases in table.cases().chunks(8) {
            faults.extend(range.attack(cases).await.into_iter().map(|fault| format!("{name}: {fault}")));
        }
    }
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
    range.check_fetches();
}
