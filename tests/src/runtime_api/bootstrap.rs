use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use super::environment::Environment;
use super::error::StartError;
use super::process::{Line, Sink};

/// A program that speaks to the Runtime API, and what it is to be started with.
#[derive(Clone)]
pub struct Bootstrap {
    pub(super) program: PathBuf,
    pub(super) arguments: Vec<OsString>,
    pub(super) name: String,
    pub(super) memory_mb: u32,
    pub(super) timeout: Duration,
    pub(super) variables: BTreeMap<String, String>,
    pub(super) sink: Option<Sink>,
}

impl Bootstrap {
    /// A compiled function's `bootstrap`, or the interpreter of another.
    pub fn new(program: impl Into<PathBuf>) -> Self {
        Self {
            program: program.into(),
            arguments: Vec::new(),
            name: "function".to_owned(),
            memory_mb: 256,
            timeout: Duration::from_secs(10),
            variables: BTreeMap::new(),
            sink: None,
        }
    }

    /// Adds an argument of the program: the module or script of an interpreter.
    #[must_use]
    pub fn argument(mut self, argument: impl Into<OsString>) -> Self {
        self.arguments.push(argument.into());
        self
    }

    /// Names the function, for its variables and its ARN.
    #[must_use]
    pub fn name(mut self, name: &str) -> Self {
        name.clone_into(&mut self.name);
        self
    }

    /// Sets how long the start, and then each invocation, may take: 10 seconds unless told otherwise.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Sets a variable. The process has these, those of [`variables_of_lambda`](Self::variables_of_lambda), and no others.
    #[must_use]
    pub fn variable(mut self, name: &str, value: impl Into<String>) -> Self {
        self.variables.insert(name.to_owned(), value.into());
        self
    }

    /// Gives each line to somebody as it is read, instead of keeping them all.
    #[must_use]
    pub fn on_line(mut self, take: impl Fn(Line) + Send + Sync + 'static) -> Self {
        self.sink = Some(Arc::new(take));
        self
    }

    /// Starts an environment and waits until it asks for its first event. Each call starts another.
    pub async fn start(&self) -> Result<Environment, StartError> {
        Environment::start(self).await
    }

    /// What Lambda tells every runtime, under what the caller has set.
    pub(super) fn variables_of_lambda(&self, runtime_api: String) -> BTreeMap<String, String> {
        let mut all = BTreeMap::from([
            ("AWS_LAMBDA_RUNTIME_API".to_owned(), runtime_api),
            ("AWS_LAMBDA_FUNCTION_NAME".to_owned(), self.name.clone()),
            ("AWS_LAMBDA_FUNCTION_VERSION".to_owned(), "$LATEST".to_owned()),
            ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE".to_owned(), self.memory_mb.to_string()),
            ("AWS_LAMBDA_INITIALIZATION_TYPE".to_owned(), "on-demand".to_owned()),
            ("AWS_LAMBDA_LOG_GROUP_NAME".to_owned(), format!("/aws/lambda/{}", self.name)),
            ("AWS_LAMBDA_LOG_STREAM_NAME".to_owned(), "local".to_owned()),
        ]);
        all.extend(self.variables.clone());
        all
    }

    pub(super) fn function_arn(&self) -> String {
        format!("arn:aws:lambda:eu-central-1:000000000000:function:{}", self.name)
    }
}

/// Variables hold credentials, so only their names are shown.
impl fmt::Debug for Bootstrap {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = formatter.debug_struct("Bootstrap");
        shown.field("program", &self.program).field("arguments", &self.arguments).field("name", &self.name);
        shown.field("variables", &self.variables.keys()).finish_non_exhaustive()
    }
}
