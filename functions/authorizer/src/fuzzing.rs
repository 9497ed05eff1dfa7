//! A door for the fuzz targets (`fuzz/`), which is there only when they are built.

use brevet_policy::RouteEntitlement;

use crate::arn::MethodArn;
use crate::resources::Resources;

/// The resources of the policy for a call: those that are allowed and those that are denied. `None` if the ARN is none.
pub fn resources(method_arn: &str, entitlement: &RouteEntitlement) -> Option<(Vec<String>, Vec<String>)> {
    let resources = Resources::of(&MethodArn::parse(method_arn)?, entitlement);
    Some((resources.allow, resources.deny))
}
