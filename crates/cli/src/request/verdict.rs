use reqwest::{Method, Response, StatusCode};

use crate::failure::{Explanation, Failure};

/// What the status means for the job.
pub(super) fn verdict(response: &Response, method: &Method, from: &str) -> Result<(), Failure> {
    let status = response.status();
    let kind = response.headers().get("x-amzn-errortype").and_then(|value| value.to_str().ok());
    let kind = kind.map(|kind| format!(" ({})", kind.split(':').next().unwrap_or(kind))).unwrap_or_default();
    let explanation = |code| Explanation::new(code, format!("{method} {from}: {status}{kind}"));
    match status {
        _ if status.is_success() => Ok(()),
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => {
            let help = "the role's policy must allow `execute-api:Invoke` on this route; check the region, too";
            Err(Failure::Refused(explanation("request_refused").with_help(help)))
        }
        StatusCode::TOO_MANY_REQUESTS => Err(Failure::Unavailable(explanation("request_throttled"))),
        _ if status.is_server_error() => Err(Failure::Unavailable(explanation("request_unanswered"))),
        _ if status.is_redirection() => {
            let help = "a signature is for one address: ask the other one yourself if you trust it";
            Err(Failure::Unsuccessful(explanation("redirect_not_followed").with_help(help)))
        }
        _ => Err(Failure::Unsuccessful(explanation("request_unsuccessful"))),
    }
}
