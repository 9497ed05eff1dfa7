use anyhow::Context as _;

use crate::operations::{deciding, reading, verifying};
use crate::world::World;

/// Something Brevet does for a request, small enough that a change of its cost points at its code.
pub(crate) struct Operation {
    /// Its key in figures.json.
    pub(crate) name: &'static str,
    pub(crate) does: &'static str,
    pub(crate) run: fn(&World) -> anyhow::Result<()>,
}

pub(crate) const ALL: [Operation; 9] = [
    Operation { name: "verify-new", does: "verify a token never seen before", run: verifying::new },
    Operation { name: "verify-known", does: "verify a token seen before", run: verifying::known },
    Operation { name: "refuse-forged", does: "refuse a token with another's signature", run: verifying::forged },
    Operation { name: "refuse-stranger", does: "refuse a token of an unknown issuer", run: verifying::stranger },
    Operation { name: "decide", does: "decide over 8 rows in 5 scopes", run: deciding::typical },
    Operation { name: "survey", does: "survey 1,000 rows in 5 scopes", run: deciding::survey_of_many },
    Operation { name: "entitlement", does: "add up the routes of 8 rows", run: deciding::routes },
    Operation { name: "read-item", does: "read a mapping from an item of DynamoDB", run: reading::item },
    Operation { name: "session-request", does: "build a session request", run: deciding::session },
];

/// The operation of that name.
pub(crate) fn named(name: &str) -> anyhow::Result<&'static Operation> {
    ALL.iter().find(|operation| operation.name == name).with_context(|| format!("there is no operation `{name}`"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_operation_does_what_it_says() {
        let world = World::new().unwrap();
        for operation in &ALL {
            (operation.run)(&world).unwrap_or_else(|fault| panic!("{}: {fault}", operation.does));
        }
    }
}
