use super::bad_request;
use crate::event::Request;
use crate::failure::Failure;

/// What people call a token when they put it into an address.
const TOKEN_NAMES: [&str; 6] = ["token", "access_token", "id_token", "jwt", "authorization", "auth"];

/// The parameters of an address, each with all of its values.
pub(super) struct Query<'a>(pub(super) &'a Request);

impl<'a> Query<'a> {
    /// The one value of a parameter.
    pub(super) fn take(&self, name: &str) -> Result<Option<&'a str>, Failure> {
        match self.0.query.get(name).map(Vec::as_slice) {
            None | Some([]) => Ok(None),
            Some([value]) => Ok(Some(value)),
            Some(_) => Err(bad_request(format!("`{name}` is given more than once"))),
        }
    }

    /// Refuses every other parameter. The name of what is refused is not repeated: it could be the token.
    pub(super) fn allow_only(&self, names: &[&str]) -> Result<(), Failure> {
        if token_in_query(self.0) {
            return Err(bad_request(
                "a token does not belong into the address, which logs keep: send it in `Authorization` alone",
            ));
        }
        let Some(other) = self.0.query.keys().find(|name| !names.contains(&name.as_str())) else { return Ok(()) };
        Err(bad_request(match other.as_str() {
            "session_policy" => "`session_policy` goes into the body of `POST /credentials`".to_owned(),
            "role" | "duration_seconds" if self.0.method == "POST" => {
                "what a `POST` asks for is in its body; the only query parameter here is `format`".to_owned()
            }
            _ if names.is_empty() => "there are no query parameters here".to_owned(),
            _ => format!("the only query parameters here are `{}`", names.join("`, `")),
        }))
    }
}

/// Whether a token was put into the address, by the parameter's name or by the look of its value.
pub(crate) fn token_in_query(request: &Request) -> bool {
    let named = |name: &String| TOKEN_NAMES.iter().any(|token| name.eq_ignore_ascii_case(token));
    // Each JWT starts like this: it is `{"` in base64url.
    let looks = |value: &String| value.starts_with("eyJ") && value.split('.').count() == 3;
    request.query.iter().any(|(name, values)| named(name) || looks(name) || values.iter().any(looks))
}

/// For the routes that take no question at all.
pub(crate) fn no_query(request: &Request) -> Result<(), Failure> {
    Query(request).allow_only(&[])
}
