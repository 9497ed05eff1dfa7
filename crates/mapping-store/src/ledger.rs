use std::fmt::Write;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::types::{AttributeValue, ReturnValue};
use brevet_identity::Principal;
use sha2::{Digest, Sha256};

use crate::fault::StoreUnavailable;

/// How long an entry outlives its token: longer than the largest leeway, so that a token which still verifies is still known.
const KEPT_AFTER_EXPIRY: u64 = 120;

/// How often each token was used, counted with conditional writes: of two uses at once, only as many win as are left.
#[derive(Clone, Debug)]
pub struct UseLedger {
    client: Client,
    table: String,
}

/// A use that was counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spent {
    /// How often the token has been used now.
    pub uses: u64,
}

/// Why a use was not counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LedgerError {
    /// No: the token has been used as often as the mapping allows.
    #[error("the token has been used as often as the mapping allows")]
    TokenUsedUp,
    /// Cannot tell.
    #[error(transparent)]
    Unavailable(#[from] StoreUnavailable),
}

impl UseLedger {
    /// Counts in `table`: partition key `token` (S), TTL attribute `expires_at`.
    pub fn new(client: Client, table: impl Into<String>) -> Self {
        Self { client, table: table.into() }
    }

    /// Counts one use of the job's token, unless `max_uses` are counted already.
    pub async fn spend(&self, principal: &Principal, max_uses: u64) -> Result<Spent, LedgerError> {
        let forget_at = principal.expires_at().saturating_add(KEPT_AFTER_EXPIRY);
        let answer = self
            .client
            .update_item()
            .table_name(&self.table)
            .key("token", entry_of(principal))
            .update_expression("SET expires_at = :forget_at ADD #uses :one")
            .condition_expression("attribute_not_exists(#uses) OR #uses < :max")
            .expression_attribute_names("#uses", "uses")
            .expression_attribute_values(":one", number(1))
            .expression_attribute_values(":max", number(max_uses))
            .expression_attribute_values(":forget_at", number(forget_at))
            .return_values(ReturnValue::UpdatedNew)
            .send()
            .await;
        match answer {
            Ok(answer) => {
                let uses = answer.attributes().and_then(|attributes| attributes.get("uses")?.as_n().ok()?.parse().ok());
                uses.map(|uses| Spent { uses }).ok_or(LedgerError::Unavailable(StoreUnavailable::Other))
            }
            Err(error) if is_conditional(error.as_service_error()) => Err(LedgerError::TokenUsedUp),
            Err(error) => Err(StoreUnavailable::from(error).into()),
        }
    }

    /// Gives one use back: for when it was counted and STS then could not be asked.
    pub async fn refund(&self, principal: &Principal) -> Result<(), StoreUnavailable> {
        let answer = self
            .client
            .update_item()
            .table_name(&self.table)
            .key("token", entry_of(principal))
            .update_expression("ADD #uses :less_one")
            .condition_expression("#uses > :none")
            .expression_attribute_names("#uses", "uses")
            .expression_attribute_values(":less_one", AttributeValue::N("-1".to_owned()))
            .expression_attribute_values(":none", number(0))
            .send()
            .await;
        match answer {
            Ok(_) => Ok(()),
            // Nothing is counted, so there is nothing to give back.
            Err(error) if is_conditional(error.as_service_error()) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }
}

fn is_conditional(error: Option<&UpdateItemError>) -> bool {
    error.is_some_and(UpdateItemError::is_conditional_check_failed_exception)
}

/// `jti` is unique for one issuer only.
fn entry_of(principal: &Principal) -> AttributeValue {
    let digest = Sha256::digest(format!("{}\n{}", principal.issuer(), principal.jti()));
    let mut hex = String::with_capacity(64);
    for byte in digest {
        // Writing to a string cannot fail.
        let _ = write!(hex, "{byte:02x}");
    }
    AttributeValue::S(hex)
}

fn number(number: u64) -> AttributeValue {
    AttributeValue::N(number.to_string())
}

#[cfg(test)]
mod tests;
