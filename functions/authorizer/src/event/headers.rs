use std::borrow::Cow;

use serde::de::{IgnoredAny, MapAccess};

use super::lenient::{Any, Lenient};

/// What the members named `Authorization` of an object of headers hold. Names are case-insensitive (RFC 9110, section 5.1)
/// and arrive as the client wrote them.
#[derive(Default)]
pub(super) struct Authorization<T>(pub(super) Vec<T>);

impl<'de, T: Lenient<'de>> Lenient<'de> for Authorization<T> {
    fn of_object<A: MapAccess<'de>>(mut headers: A) -> Result<Self, A::Error> {
        let mut values = Vec::new();
        while let Some(Any(Name(name))) = headers.next_key()? {
            if name.eq_ignore_ascii_case("authorization") {
                let Any(value) = headers.next_value()?;
                values.push(value);
            } else {
                headers.next_value::<IgnoredAny>()?;
            }
        }
        Ok(Self(values))
    }
}

#[derive(Default)]
struct Name<'a>(Cow<'a, str>);

impl<'de: 'a, 'a> Lenient<'de> for Name<'a> {
    fn of_text(text: Cow<'de, str>) -> Self {
        Self(text)
    }
}
