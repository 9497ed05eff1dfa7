use reqwest::Method;
use reqwest::header::{HeaderName, HeaderValue};

/// A method, in any case.
pub(super) fn method(text: &str) -> Result<Method, String> {
    let upper = text.to_ascii_uppercase();
    Method::from_bytes(upper.as_bytes()).map_err(|_| "this is no HTTP method".to_owned())
}

/// The name of a service that signs as all but S3 do.
pub(super) fn service(text: &str) -> Result<String, String> {
    let name =
        !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
    match text {
        "s3" => Err("S3 signs by rules of its own; use `brevet exec ROLE -- aws s3 ...`".to_owned()),
        _ if name => Ok(text.to_owned()),
        _ => Err("a service has a name such as `execute-api`".to_owned()),
    }
}

/// A header that does not touch the signature.
pub(super) fn header(text: &str) -> Result<(HeaderName, HeaderValue), String> {
    let (name, value) = text.split_once(':').ok_or("write `Name: value`")?;
    let name = HeaderName::from_bytes(name.trim().as_bytes()).map_err(|_| "this is no name of a header")?;
    if matches!(name.as_str(), "authorization" | "host" | "content-length" | "x-amz-date" | "x-amz-security-token") {
        return Err(format!("`{name}` is part of the signature, or follows from the request"));
    }
    let value = HeaderValue::from_str(value.trim()).map_err(|_| "this is no value of a header")?;
    Ok((name, value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_headers_that_would_break_the_signature_or_the_request() {
        for text in
            ["Authorization: x", "host: x", "X-Amz-Date: x", "X-Amz-Security-Token: x", "no-colon", ": x", "a: b\nc"]
        {
            assert!(header(text).is_err(), "{text}");
        }
        assert_eq!(header("X-Trace: a:b").unwrap(), ("x-trace".parse().unwrap(), "a:b".parse().unwrap()));
    }

    #[test]
    fn refuses_services_it_cannot_sign_for() {
        assert!(service("s3").is_err() && service("").is_err() && service("a/b").is_err());
        assert_eq!(service("execute-api").as_deref(), Ok("execute-api"));
    }
}
