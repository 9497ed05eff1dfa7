//! Why an administrator's command has no result: "no" and "cannot tell", each with an exit code of its own.

use std::fmt::Display;

use brevet_mapping_store::StoreUnavailable;
use serde_json::json;

use super::files::FileFault;
use crate::failure::Failure;
use crate::output;

/// The files, the arguments or what was asked for are refused.
pub(crate) const EXIT_REFUSED_INPUT: u8 = 2;
/// The table, or another service, could not be asked or has moved on.
pub(crate) const EXIT_CANNOT_TELL: u8 = 3;

/// Why there is no result. Nothing in it is secret.
#[derive(Debug)]
pub(crate) enum Trouble {
    /// No.
    Refused(Account),
    /// Cannot tell.
    CannotTell(Account),
}

/// What went wrong, for people and for programs.
#[derive(Debug)]
pub(crate) struct Account {
    code: &'static str,
    message: String,
    help: Option<String>,
    faults: Vec<FileFault>,
}

impl Trouble {
    pub(crate) fn refused(code: &'static str, message: impl Into<String>) -> Self {
        Self::Refused(Account { code, message: message.into(), help: None, faults: Vec::new() })
    }

    pub(crate) fn cannot_tell(code: &'static str, message: impl Into<String>) -> Self {
        Self::CannotTell(Account { code, message: message.into(), help: None, faults: Vec::new() })
    }

    pub(crate) fn in_files(code: &'static str, faults: Vec<FileFault>) -> Self {
        let count = faults.len();
        let message = format!("{count} {} in the files; nothing was done", if count == 1 { "fault" } else { "faults" });
        Self::Refused(Account { code, message, help: None, faults })
    }

    /// The table did not do what it was asked for.
    pub(crate) fn of_table(fault: StoreUnavailable, table: &impl Display) -> Self {
        let (code, message, help) = match fault {
            StoreUnavailable::TableMissing => (
                "table_missing",
                format!("there is no table {table}"),
                "check the name, the region and the account: are these the credentials you mean?",
            ),
            StoreUnavailable::TableUnfit => (
                "table_unfit",
                format!("{table} is no table of role mappings"),
                "its keys must be `scope` (S, partition key) and `name` (S, sort key)",
            ),
            StoreUnavailable::Throttled => (
                "table_throttled",
                format!("{table} is throttled"),
                "try again in a while, or raise the table's capacity",
            ),
            StoreUnavailable::AccessDenied => (
                "table_denied",
                format!("these credentials may not do this with {table}"),
                "needed: dynamodb:DescribeTable and Scan to look, PutItem, DeleteItem and GetItem to write",
            ),
            StoreUnavailable::TimedOut => {
                ("table_unreachable", format!("{table} did not answer in time"), "try again; check the network")
            }
            StoreUnavailable::Other => (
                "table_unreachable",
                format!("{table} could not be asked"),
                "check the region, the network and AWS_ENDPOINT_URL",
            ),
        };
        Self::cannot_tell(code, message).with_help(help)
    }

    pub(crate) fn with_help(mut self, help: impl Into<String>) -> Self {
        let (Self::Refused(account) | Self::CannotTell(account)) = &mut self;
        account.help = Some(help.into());
        self
    }

    /// The same, with a further half of the sentence.
    pub(crate) fn and_also(mut self, words: &str) -> Self {
        let (Self::Refused(account) | Self::CannotTell(account)) = &mut self;
        account.message = format!("{}; {words}", account.message);
        self
    }

    #[cfg(test)]
    pub(crate) fn code(&self) -> &'static str {
        let (Self::Refused(account) | Self::CannotTell(account)) = self;
        account.code
    }

    #[cfg(test)]
    pub(crate) fn faults(&self) -> &[FileFault] {
        let (Self::Refused(account) | Self::CannotTell(account)) = self;
        &account.faults
    }

    pub(crate) fn exit_code(&self) -> u8 {
        match self {
            Self::Refused(_) => EXIT_REFUSED_INPUT,
            Self::CannotTell(_) => EXIT_CANNOT_TELL,
        }
    }

    /// Tells it on standard error: for people, or as one JSON object.
    pub(crate) fn report(&self, as_json: bool) {
        let (Self::Refused(account) | Self::CannotTell(account)) = self;
        let Account { code, message, help, faults } = account;
        if as_json {
            let told = json!({
                "code": code, "message": message, "help": help, "faults": faults, "exit_code": self.exit_code(),
            });
            return output::say(&told.to_string());
        }
        output::say(&format!("brevet: {code}: {message}"));
        faults.iter().for_each(|fault| output::say(&format!("  {fault}")));
        if let Some(help) = help {
            output::say(&format!("  help: {help}"));
        }
    }
}

/// The streams are closed or full.
impl From<Failure> for Trouble {
    fn from(failure: Failure) -> Self {
        Self::cannot_tell("output_failed", failure.to_string())
    }
}
