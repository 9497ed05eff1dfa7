use aws_sdk_sts::error::{ProvideErrorMetadata, SdkError};

use super::trust::MissingTrust;

/// Why STS gave no session. What STS wrote goes into `String`s for the log, never to the caller.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum StsFault {
    /// No: the role does not trust Brevet for this job.
    Refused { missing: MissingTrust, cause: String },
    /// No: credentials of one partition of AWS mean nothing in another.
    OtherPartition { own: &'static str },
    /// No: the role gives no session of this length.
    DurationTooLong,
    /// No: the session policy is not a policy.
    MalformedPolicy,
    /// No: policies and tags are too large together.
    PackedPolicyTooLarge,
    /// No: the token forwarded to STS has expired.
    TokenExpired,
    /// Cannot tell: too many requests.
    Throttled,
    /// Cannot tell.
    Unavailable(String),
    /// The request can never succeed as it is set up.
    Misconfigured(String),
}

impl StsFault {
    /// Sorts an error of the SDK by its code. STS's sentence decides only where one code stands for several things.
    pub(super) fn of<E: ProvideErrorMetadata, R>(error: &SdkError<E, R>) -> Self {
        match error {
            SdkError::ServiceError(service) => {
                let metadata = service.err().meta();
                Self::of_code(metadata.code().unwrap_or_default(), metadata.message().unwrap_or_default())
            }
            SdkError::TimeoutError(_) => Self::Unavailable("timed out".to_owned()),
            SdkError::DispatchFailure(_) => Self::Unavailable("no connection".to_owned()),
            SdkError::ResponseError(_) => Self::Unavailable("unreadable answer".to_owned()),
            SdkError::ConstructionFailure(_) => Self::Misconfigured("the request to STS could not be built".to_owned()),
            _ => Self::Unavailable("unknown fault of the SDK".to_owned()),
        }
    }

    fn of_code(code: &str, message: &str) -> Self {
        match code {
            "AccessDenied" | "AccessDeniedException" => {
                Self::Refused { missing: MissingTrust::from_message(message), cause: format!("STS: {code}: {message}") }
            }
            "InvalidIdentityToken" | "IDPRejectedClaim" => {
                Self::Refused { missing: MissingTrust::WebIdentity, cause: format!("STS: {code}") }
            }
            "ExpiredTokenException" => Self::TokenExpired,
            "MalformedPolicyDocument" => Self::MalformedPolicy,
            "PackedPolicyTooLarge" => Self::PackedPolicyTooLarge,
            "Throttling"
            | "ThrottlingException"
            | "ThrottledException"
            | "TooManyRequestsException"
            | "RequestLimitExceeded" => Self::Throttled,
            // One code for every parameter, so the sentence has to tell. It is not logged: it may quote a parameter.
            "ValidationError" if message.contains("DurationSeconds") => Self::DurationTooLong,
            "RegionDisabledException" => Self::Misconfigured(format!(
                "STS: {code}: the role's account has to activate STS in the region of this function"
            )),
            "ValidationError" | "NoSuchEntity" | "InvalidParameterValue" => Self::Misconfigured(format!("STS: {code}")),
            // A body that is not STS's has no code in it, whatever its status.
            "" => Self::Unavailable("unreadable answer".to_owned()),
            _ => Self::Unavailable(format!("STS: {code}")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(missing: MissingTrust, cause: &str) -> StsFault {
        StsFault::Refused { missing, cause: format!("STS: {cause}") }
    }

    #[test]
    fn sorts_the_codes_of_sts_into_no_cannot_tell_and_never() {
        let too_long = "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.";
        let cases = [
            (
                "AccessDenied",
                "... perform: sts:TagSession on resource: x",
                refused(MissingTrust::TagSession, "AccessDenied: ... perform: sts:TagSession on resource: x"),
            ),
            ("IDPRejectedClaim", "", refused(MissingTrust::WebIdentity, "IDPRejectedClaim")),
            ("InvalidIdentityToken", "", refused(MissingTrust::WebIdentity, "InvalidIdentityToken")),
            ("ExpiredTokenException", "", StsFault::TokenExpired),
            ("MalformedPolicyDocument", "", StsFault::MalformedPolicy),
            ("PackedPolicyTooLarge", "", StsFault::PackedPolicyTooLarge),
            ("Throttling", "Rate exceeded", StsFault::Throttled),
            ("ValidationError", too_long, StsFault::DurationTooLong),
            ("ValidationError", "no", StsFault::Misconfigured("STS: ValidationError".to_owned())),
            (
                "RegionDisabledException",
                "",
                StsFault::Misconfigured(
                    "STS: RegionDisabledException: the role's account has to activate STS in the region of this function"
                        .to_owned(),
                ),
            ),
            ("InternalFailure", "x", StsFault::Unavailable("STS: InternalFailure".to_owned())),
            ("IDPCommunicationError", "x", StsFault::Unavailable("STS: IDPCommunicationError".to_owned())),
            ("", "", StsFault::Unavailable("unreadable answer".to_owned())),
        ];
        for (code, message, expected) in cases {
            assert_eq!(StsFault::of_code(code, message), expected, "{code}");
        }
    }
}
