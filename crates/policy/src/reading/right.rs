use super::attributes::{FOR_ROLES, FOR_ROUTES};
use super::fields::Fields;
use super::{read_routes, session};
use crate::confidential::Confidential;
use crate::mapping::Right;
use crate::name::RowName;
use crate::terms::RouteTerms;

/// What an allow row gives: routes if it is for an API, otherwise a role.
pub(super) fn read(fields: &mut Fields<'_>, name: Option<&RowName>) -> Option<Right> {
    match name {
        None => None,
        Some(RowName::Every) => {
            fields.fault("name", "may be `*` only with `effect` `deny`");
            None
        }
        Some(RowName::One(name)) if name.is_api() => {
            refuse(fields, FOR_ROLES, "has no place in an `api.` row, which gives no role");
            read_route_terms(fields).map(Right::Routes)
        }
        Some(RowName::One(_)) => {
            refuse(fields, FOR_ROUTES, "has a place in an `api.` row only");
            session::read(fields).map(Right::Role)
        }
    }
}

fn read_route_terms(fields: &mut Fields<'_>) -> Option<RouteTerms> {
    if !fields.row().contains_key("routes") {
        fields.fault("routes", "is missing");
    }
    let usage_plan_key = fields.parsed(
        "usage_plan_key",
        usage_plan_key,
        "must be the value of an API key: 20 to 128 characters without space",
    );
    Some(RouteTerms { routes: read_routes(fields)?, usage_plan_key })
}

fn usage_plan_key(text: &str) -> Option<Confidential> {
    let is_key = (20..=128).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic());
    is_key.then(|| Confidential::new(text))
}

fn refuse(fields: &mut Fields<'_>, attributes: &[&str], reason: &str) {
    for attribute in attributes {
        if fields.get(attribute).is_some() {
            fields.fault(*attribute, reason);
        }
    }
}
