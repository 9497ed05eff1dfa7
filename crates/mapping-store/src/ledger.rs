mod attempt;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::types::AttributeValue;
use brevet_identity::Principal;
use sha2::{Digest, Sha256};

pub use self::attempt::Attempt;
use crate::fault::StoreUnavailable;
use crate::hex::hex;

/// How long an entry outlives its token: longer than the largest leeway, so that a token which still verifies is still known.
const KEPT_AFTER_EXPIRY: u64 = 120;

/// Which attempts each token was used for, written conditionally: of two attempts at once, only as many win as uses are
/// left.
///
/// Attempts are kept as a set and not counted, because a write whose answer is lost is sent again, by the SDK or by a
/// caller, and must not be a second use.
#[derive(Clone, Debug)]
pub struct UseLedger {
    client: Client,
    table: String,
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
    /// Keeps attempts in `table`: partition key `token` (S), string set `attempts`, TTL attribute `expires_at`.
    pub fn new(client: Client, table: impl Into<String>) -> Self {
        Self { client, table: table.into() }
    }

    /// Counts this attempt as a use of the job's token, unless `max_uses` others are counted already. The same attempt
    /// again is the same use.
    pub async fn spend(&self, principal: &Principal, max_uses: u64, attempt: &Attempt) -> Result<(), LedgerError> {
        let forget_at = principal.expires_at().saturating_add(KEPT_AFTER_EXPIRY);
        let answer = self
            .client
            .update_item()
            .table_name(&self.table)
            .key("token", entry_of(principal))
            .update_expression("SET expires_at = :forget_at ADD attempts :attempt")
            .condition_expression(
                "attribute_not_exists(attempts) OR size(attempts) < :max OR contains(attempts, :this)",
            )
            .expression_attribute_values(":attempt", set_of(attempt))
            .expression_attribute_values(":this", text(attempt))
            .expression_attribute_values(":max", number(max_uses))
            .expression_attribute_values(":forget_at", number(forget_at))
            .send()
            .await;
        match answer {
            Ok(_) => Ok(()),
            Err(error) if is_conditional(error.as_service_error()) => Err(LedgerError::TokenUsedUp),
            Err(error) => Err(StoreUnavailable::from(error).into()),
        }
    }

    /// Gives the use of this attempt back, if it was counted: for when STS then could not be asked, or when nobody can
    /// tell whether it was counted.
    pub async fn refund(&self, principal: &Principal, attempt: &Attempt) -> Result<(), StoreUnavailable> {
        let answer = self
            .client
            .update_item()
            .table_name(&self.table)
            .key("token", entry_of(principal))
            .update_expression("DELETE attempts :attempt")
            // An update of nothing could leave an item behind that no TTL removes.
            .condition_expression("contains(attempts, :this)")
            .expression_attribute_values(":attempt", set_of(attempt))
            .expression_attribute_values(":this", text(attempt))
            .send()
            .await;
        match answer {
            Ok(_) => Ok(()),
            // It is not counted, so there is nothing to give back.
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
    AttributeValue::S(hex(&Sha256::digest(format!("{}\n{}", principal.issuer(), principal.jti()))))
}

fn set_of(attempt: &Attempt) -> AttributeValue {
    AttributeValue::Ss(vec![attempt.as_str().to_owned()])
}

fn text(attempt: &Attempt) -> AttributeValue {
    AttributeValue::S(attempt.as_str().to_owned())
}

fn number(number: u64) -> AttributeValue {
    AttributeValue::N(number.to_string())
}

#[cfg(test)]
mod tests;
