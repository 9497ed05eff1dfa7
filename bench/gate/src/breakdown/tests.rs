use std::fs;

use super::page::page;
use super::parts::{PARTS, part_of};
use super::request::Request;
use super::{Breakdown, text};

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");

fn committed() -> Breakdown {
    serde_json::from_slice(&fs::read(format!("{FOLDER}/profile.json")).unwrap()).unwrap()
}

fn title_of(path: &str) -> &'static str {
    PARTS[part_of(path)].title
}

#[test]
fn the_parts_of_a_request_add_up_to_all_of_it() {
    for request in committed().requests {
        let sum: i64 = request.parts.iter().map(|share| share.instructions).sum();
        assert_eq!(sum, request.instructions, "{}", request.request);
        assert!(request.libc < request.instructions && request.allocations > 0, "{}", request.request);
    }
}

#[test]
fn the_committed_page_says_what_the_committed_figures_say() {
    let written = fs::read_to_string(format!("{FOLDER}/profile.md")).unwrap();
    assert_eq!(written, page(&committed()), "`make profile` writes both");
}

#[test]
fn the_committed_figures_are_of_the_parts_that_there_are() {
    let titles: Vec<_> = PARTS.iter().map(|part| part.title).collect();
    for request in committed().requests {
        assert_eq!(request.parts.iter().map(|share| share.part.as_str()).collect::<Vec<_>>(), titles);
    }
}

#[test]
fn what_a_part_calls_belongs_to_it() {
    let logging = "memcpy'<brevet_identity::claims::ClaimName as serde::Serialize>::serialize'\
        brevet_function_kit::log::Log::line'authorizer::main";
    assert_eq!(title_of(logging), "the audit line and the metrics");
}

#[test]
fn a_part_within_another_is_told_apart() {
    let signing = "sha2::compress'aws_sigv4::sign'aws_sdk_sts::operation::send'brevet_credentials::sts::Sts::call'main";
    assert_eq!(title_of(signing), "signing the requests (AWS SDK)");
    assert_eq!(title_of(signing.split_once("aws_sdk_sts").unwrap().1), "the request to STS, its answer (AWS SDK)");
    let sending = "aws_smithy_runtime::client::orchestrator::try_op'brevet_credentials::sts::Sts::call'main";
    assert_eq!(title_of(sending), "the request to STS, its answer (AWS SDK)");
}

#[test]
fn what_stands_for_no_part_is_in_the_last() {
    assert_eq!(part_of("free'tokio::runtime::block_on'authorizer::main"), PARTS.len() - 1);
}

#[test]
fn two_lives_are_told_apart_by_the_requests_that_one_has_more() {
    let life = |hashing, allocations| {
        format!(
            "ob=(1) /authorizer\nfn=(1) sha256'brevet_identity::digest::sha256'main\n1 {hashing}\n\
            cob=(2) /libc.so.6\ncfn=(2) malloc'main\ncalls={allocations} 0\n1 70\n\
            ob=(2)\nfn=(2)\n1 500\nfn=(1)\n1 7\ntotals: {}\n",
            hashing + 507
        )
    };
    let request = Request::between("a request", &life(1_000, 20), &life(301_000, 220)).unwrap();
    assert_eq!((request.instructions, request.libc, request.allocations), (3_000, 0, 2));
    assert_eq!(request.instructions_of("hashing the token"), 3_000);
    let breakdown = Breakdown { requests: vec![request], ..committed() };
    assert!(text(&breakdown).contains("3,000"));
    assert!(page(&breakdown).contains("| hashing the token | 3,000 |"));
}
