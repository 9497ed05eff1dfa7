//! Into what a request is divided, and by which functions its parts are known.

/// A part of a request.
pub(crate) struct Part {
    pub(crate) title: &'static str,
    depth: Depth,
    /// How the names of its functions begin. The longest beginning counts.
    functions: &'static [&'static str],
}

/// Going from `main` inwards, an instruction's part changes only to a deeper one: what a `Leaf` calls is part of it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Depth {
    Around,
    Between,
    Leaf,
}

use Depth::{Around, Between, Leaf};

const fn part(title: &'static str, depth: Depth, functions: &'static [&'static str]) -> Part {
    Part { title, depth, functions }
}

/// In the order of a request, and last what is in none of the others.
pub(crate) const PARTS: [Part; 14] = [
    part("HTTP: the connections to the Runtime API and to AWS", Leaf, &["hyper::", "hyper_util::", "hyper_rustls::"]),
    part(
        "reading the event",
        Leaf,
        &[
            "lambda_runtime::deserializer",
            "brevet_authorizer::event",
            "brevet_authorizer::arn",
            "brevet_credentials::event",
            "aws_lambda_events",
        ],
    ),
    part("hashing the token", Leaf, &["brevet_identity::seen::TokenDigest", "brevet_identity::digest"]),
    part("RS256 (aws-lc)", Leaf, &["brevet_identity::key_set::VerificationKey::verifies", "jsonwebtoken"]),
    part(
        "from the token's text to a principal",
        Between,
        &["brevet_identity", "brevet_credentials::app::App::authenticate"],
    ),
    part(
        "the request to DynamoDB, its answer (AWS SDK)",
        Between,
        &["aws_sdk_dynamodb", "aws_smithy", "aws_runtime", "aws_config", "brevet_mapping_store"],
    ),
    part("from items to role mappings", Leaf, &["brevet_mapping_store::lookup::reading", "brevet_policy::reading"]),
    part(
        "the decision",
        Leaf,
        &[
            "brevet_policy",
            "brevet_authorizer::routes::Routes::weigh",
            "brevet_authorizer::resources",
            "brevet_credentials::vend::<impl brevet_credentials::app::App>::describe",
        ],
    ),
    part("what the session may be and is called", Leaf, &["brevet_policy::session"]),
    part(
        "the request to STS, its answer (AWS SDK)",
        Between,
        &["brevet_credentials::opening", "brevet_credentials::sts", "aws_sdk_sts"],
    ),
    part("signing the requests (AWS SDK)", Leaf, &["aws_smithy_runtime::client::orchestrator::auth", "aws_sigv4"]),
    part(
        "the answer",
        Leaf,
        &[
            "brevet_authorizer::answer",
            "brevet_authorizer::verdict",
            "brevet_authorizer::context",
            "brevet_credentials::response",
            "brevet_credentials::format",
        ],
    ),
    part(
        "the audit line and the metrics",
        Leaf,
        &[
            "brevet_function_kit::audit",
            "brevet_function_kit::log",
            "brevet_function_kit::metrics",
            "brevet_function_kit::telemetry",
            "brevet_credentials::app::App::answer",
        ],
    ),
    part("the rest: Lambda's runtime, Tokio, what joins the parts", Around, &[]),
];

/// The part of an instruction, by the names of the function that it is in and of its callers, the nearest first.
pub(crate) fn part_of(path: &str) -> usize {
    let mut found = PARTS.len() - 1;
    let mut depth = Around;
    for name in path.rsplit('\'') {
        if let Some((index, part)) = part_named(name)
            && part.depth > depth
        {
            (found, depth) = (index, part.depth);
        }
    }
    found
}

fn part_named(function: &str) -> Option<(usize, &'static Part)> {
    // `<brevet_authorizer::answer::Answer as serde::Serialize>::serialize`
    let function = function.trim_start_matches(['<', '&']).trim_start_matches("mut ");
    let longest = |part: &Part| {
        part.functions.iter().filter(|start| function.starts_with(**start)).map(|start| start.len()).max()
    };
    let named = PARTS.iter().enumerate().filter_map(|(index, part)| Some((longest(part)?, index, part)));
    named.max_by_key(|(length, ..)| *length).map(|(_, index, part)| (index, part))
}
