use brevet_tests::gitlab::JobToken;

use super::probe::{MOST, SETTLING, probe};
use super::subject::{Subject, allows};
use crate::chart::Chart;

const KILOBYTES: [usize; 5] = [2, 4, 8, 12, 16];
const TOO_MANY_KILOBYTES: [usize; 3] = [17, 32, 64];
const TOKENS: [usize; 7] = [1, 100, 300, 1_000, 1_500, 2_000, 4_000];

/// The size of a token, and how many have been seen.
pub(super) async fn charts(subject: &Subject) -> anyhow::Result<[Chart; 2]> {
    Ok([sizes(subject).await?, numbers(subject).await?])
}

async fn sizes(subject: &Subject) -> anyhow::Result<Chart> {
    let mut chart = Chart::new(
        "tokens",
        "A request to the authorizer, by the size of the token",
        "kilobytes",
        "microseconds of a processor",
        "Expected: linear and little, as a token is hashed, decoded and read, whatever it says; a signature costs the \
         same whatever was signed. API Gateway passes 10,240 bytes of headers; a token of more than 16 KiB is refused \
         before any of it is decoded.",
    );
    for kilobytes in subject.sizes(&KILOBYTES) {
        for (name, count) in [("seen before", 4), ("never seen", MOST + SETTLING)] {
            let events = subject.many_events(count, "authorizer", "rest-request", |token| of_size(token, kilobytes));
            chart.put(name, kilobytes as f64, probe(&subject.authorizer(), &events, allows).await?.cpu_us);
        }
    }
    for kilobytes in subject.sizes(&TOO_MANY_KILOBYTES) {
        // An HTTP API, where a refusal is an answer; to REST APIs it is an error.
        let events = subject.events("authorizer", "http-v2", |token| of_size(token, kilobytes));
        let cost = probe(&subject.authorizer(), &events, |answer| !allows(answer)).await?;
        chart.put("refused for its size", kilobytes as f64, cost.cpu_us);
    }
    Ok(chart)
}

async fn numbers(subject: &Subject) -> anyhow::Result<Chart> {
    let mut chart = Chart::new(
        "tokens-memory",
        "Memory of the authorizer, by tokens that it has seen",
        "different tokens",
        "megabytes",
        "Expected: linear up to 1,024 tokens, whose signatures are remembered, and level from there on: the half that \
         expires first is dropped whenever there are as many.",
    );
    for (name, kilobytes) in [("ordinary tokens", 0), ("tokens of 8 KB", 8)] {
        let sizes = subject.sizes(&TOKENS);
        let most = sizes.last().copied().unwrap_or_default();
        let events = subject.many_events(most, "authorizer", "rest-request", |token| of_size(token, kilobytes));
        let mut environment = subject.authorizer().start().await?;
        for (number, event) in (1..).zip(events) {
            environment.invoke(event).await.answer?;
            if sizes.contains(&number) {
                chart.put(name, number as f64, environment.usage()?.resident as f64 / 1e6);
            }
        }
        environment.stop().await;
    }
    Ok(chart)
}

/// Base64 makes four bytes of three; the other claims and the signature take about 1.9 KB.
fn of_size(token: JobToken, kilobytes: usize) -> JobToken {
    let padding = (kilobytes * 1_000).saturating_sub(1_900) * 3 / 4;
    if padding == 0 { token } else { token.claim("ci_config_ref_uri", "x".repeat(padding)) }
}
