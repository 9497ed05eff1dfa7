//! A slip is never read as something else.

use proptest::prelude::*;

use super::*;
use crate::mapping::Effect;
use crate::test_support::slips::any_slip;
use crate::test_support::tables::{any_allow_row, any_deny_row};

proptest! {
    #[test]
    fn makes_a_row_invalid_by_any_misspelling_and_any_condition_that_cannot_be_meant(
        row in prop_oneof![any_allow_row(), any_deny_row()], slip in any_slip(),
    ) {
        let slipped = slip.made_in(&row);
        prop_assert!(!slip.is_certain(&row) || matches!(read(&slipped), Reading::Invalid(_)), "{:?}", slipped);
    }

    #[test]
    fn keeps_a_deny_row_denying_whatever_slip_is_made_in_it(row in any_deny_row(), slip in any_slip()) {
        let slipped = slip.made_in(&row);
        let denies = match read(&slipped) {
            Reading::Valid(mapping) => mapping.effect() == Effect::Deny,
            Reading::Invalid(invalid) => invalid.denies().is_some(),
        };
        prop_assert!(denies, "{:?}", slipped);
    }
}
