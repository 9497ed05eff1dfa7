use aws_sdk_dynamodb::error::{ProvideErrorMetadata, SdkError};

/// Why the table did not answer. Carries nothing of the SDK's error, which may hold a whole request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StoreUnavailable {
    /// Too many requests, ours or others'.
    #[error("the table is throttled")]
    Throttled,
    /// No answer in time.
    #[error("the table did not answer in time")]
    TimedOut,
    /// The function's role may not do this, or its credentials are no good.
    #[error("access to the table was denied")]
    AccessDenied,
    /// There is no such table here.
    #[error("there is no such table")]
    TableMissing,
    /// The table has other keys than expected.
    #[error("the table has other keys than expected")]
    TableUnfit,
    /// Anything else.
    #[error("the table could not be asked")]
    Other,
}

impl StoreUnavailable {
    /// Whether trying again cannot help until somebody changes the deployment.
    pub fn is_misconfiguration(self) -> bool {
        match self {
            Self::AccessDenied | Self::TableMissing | Self::TableUnfit => true,
            Self::Throttled | Self::TimedOut | Self::Other => false,
        }
    }
}

impl<E: ProvideErrorMetadata, R> From<SdkError<E, R>> for StoreUnavailable {
    fn from(error: SdkError<E, R>) -> Self {
        match &error {
            SdkError::TimeoutError(_) => Self::TimedOut,
            SdkError::DispatchFailure(failure) if failure.is_timeout() => Self::TimedOut,
            SdkError::ServiceError(service) => from_code(service.err().code().unwrap_or("")),
            _ => Self::Other,
        }
    }
}

fn from_code(code: &str) -> StoreUnavailable {
    match code {
        "ProvisionedThroughputExceededException" | "ThrottlingException" | "Throttling" | "RequestLimitExceeded" => {
            StoreUnavailable::Throttled
        }
        "ResourceNotFoundException" => StoreUnavailable::TableMissing,
        "ValidationException" => StoreUnavailable::TableUnfit,
        "AccessDeniedException"
        | "UnrecognizedClientException"
        | "InvalidSignatureException"
        | "ExpiredTokenException"
        | "MissingAuthenticationTokenException" => StoreUnavailable::AccessDenied,
        _ => StoreUnavailable::Other,
    }
}
