use std::fmt::Write as _;

use anyhow::Context as _;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hyper::body::Bytes;

use crate::event::{Filling, Template, Templates};
use crate::expected::{Expected, Proof, Reach};
use crate::questions::{QUESTIONS, Question, ROUTES};
use crate::random::Random;
use crate::token::{Job, Pool, Token};

/// Which function a request is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Function {
    Credentials,
    Authorizer,
}

/// One event, and what it has to be answered with.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    pub(crate) id: String,
    pub(crate) event: Bytes,
    pub(crate) expected: Expected,
    /// The route an authorizer is asked about.
    pub(crate) route: &'static str,
}

/// Makes requests.
#[derive(Debug)]
pub(crate) struct Mix {
    random: Random,
    templates: Templates,
    made: u64,
}

impl Mix {
    pub(crate) fn new(seed: u64) -> anyhow::Result<Self> {
        Ok(Self { random: Random::new(seed), templates: Templates::load()?, made: 0 })
    }

    /// The next request for a function. `pools` are the tokens of each key the GitLab has had, the newest last. Strangers have no
    /// signature of it.
    pub(crate) fn next(&mut self, function: Function, pools: &[Pool], only_strangers: bool) -> anyhow::Result<Request> {
        let current = pools.last().context("the GitLab has a key")?;
        match self.random.below(if only_strangers { 22 } else { 100 }) {
            0..=11 => self.strange_key(function, current),
            12..=15 => self.tampered(function, current),
            16..=21 => self.garbage(function),
            22..=25 if pools.len() > 1 => {
                let old = self.random.below(pools.len() - 1);
                self.question(function, pools.get(old).unwrap_or(current))
            }
            26..=28 if function == Function::Credentials => self.oddly_asked(current),
            _ => self.question(function, current),
        }
    }

    /// Asks for a mapping by name with a token of somebody's, as the races and the timed pairs do.
    pub(crate) fn ask(
        &mut self,
        token: &Token,
        name: &str,
        code: &'static str,
        proof: Proof,
    ) -> anyhow::Result<Request> {
        let template = self.templates.credentials.first().context("there is a template")?.clone();
        let reach = if code == "granted" { Reach::Sts } else { Reach::Rows };
        let session = (code == "granted").then(|| token.session.clone());
        Ok(self.fill(&template, &token.text, name, "", Expected { code, proof, reach, session }))
    }

    fn question(&mut self, function: Function, pool: &Pool) -> anyhow::Result<Request> {
        let questions: &[Question] = if function == Function::Credentials { &QUESTIONS } else { &ROUTES };
        let mut point = self.random.below(questions.iter().map(|(weight, ..)| weight).sum());
        let chosen = questions.iter().find(|(weight, ..)| match point.checked_sub(*weight) {
            Some(rest) => {
                point = rest;
                false
            }
            None => true,
        });
        let (_, job, target, code, reach) = *chosen.context("one question is chosen")?;
        let token = pool.pick(job, &mut self.random).context("the pool has every job")?.clone();
        let proof = if job == Job::OtherIssuer { Proof::Nothing } else { Proof::Signed(pool.generation) };
        let session = (code == "granted" && function == Function::Credentials).then_some(token.session);
        self.any_shape(function, &token.text, target, Expected { code, proof, reach, session })
    }

    /// A key id that nobody has seen and nobody will see again.
    fn strange_key(&mut self, function: Function, pool: &Pool) -> anyhow::Result<Request> {
        let header = format!(r#"{{"typ":"JWT","alg":"RS256","kid":"{:032x}"}}"#, self.random.next());
        let token = self.some(pool)?;
        let (_, rest) = token.split_once('.').context("a token has a header")?;
        let token = format!("{}.{rest}", URL_SAFE_NO_PAD.encode(header));
        self.any_shape(function, &token, default_target(function), Expected::unproved("token_invalid", Proof::Forged))
    }

    /// The claims of one token under the signature of another.
    fn tampered(&mut self, function: Function, pool: &Pool) -> anyhow::Result<Request> {
        let (one, other) =
            (self.some(pool)?, pool.pick(Job::Feature, &mut self.random).context("a token")?.text.clone());
        let (signed, _) = one.rsplit_once('.').context("a token has a signature")?;
        let (_, signature) = other.rsplit_once('.').context("a token has a signature")?;
        let token = format!("{signed}.{signature}");
        self.any_shape(function, &token, default_target(function), Expected::unproved("token_invalid", Proof::Forged))
    }

    fn garbage(&mut self, function: Function) -> anyhow::Result<Request> {
        if function == Function::Credentials && self.random.below(4) == 0 {
            let template = self.templates.without_token.clone();
            return Ok(self.fill(&template, "", "", "", Expected::unproved("token_missing", Proof::Nothing)));
        }
        let mut token = if self.random.below(2) == 0 { "eyJ".to_owned() } else { "garbage-".to_owned() };
        for _ in 0..self.random.below(60) {
            write!(token, "{:016x}", self.random.next())?;
        }
        self.any_shape(
            function,
            &token,
            default_target(function),
            Expected::unproved("token_malformed", Proof::Nothing),
        )
    }

    /// Durations out of range, and no role where there are several.
    fn oddly_asked(&mut self, pool: &Pool) -> anyhow::Result<Request> {
        let token = pool.pick(Job::Payments, &mut self.random).context("the pool has every job")?.text.clone();
        let proof = Proof::Signed(pool.generation);
        if self.random.below(4) == 0 {
            let template = self.templates.without_role.clone();
            let expected = Expected { code: "role_required", proof, reach: Reach::Rows, session: None };
            return Ok(self.fill(&template, &token, "", "", expected));
        }
        let duration = if self.random.below(2) == 0 { "3600" } else { "60" };
        let template = self.templates.with_duration.clone();
        let expected = Expected { code: "duration_out_of_range", proof, reach: Reach::Rows, session: None };
        Ok(self.fill(&template, &token, "brief", duration, expected))
    }

    fn some(&mut self, pool: &Pool) -> anyhow::Result<String> {
        Ok(pool.pick(Job::Payments, &mut self.random).context("the pool has every job")?.text.clone())
    }

    fn any_shape(
        &mut self,
        function: Function,
        token: &str,
        target: &'static str,
        expected: Expected,
    ) -> anyhow::Result<Request> {
        let templates = match function {
            Function::Credentials => &self.templates.credentials,
            Function::Authorizer => &self.templates.authorizer,
        };
        let template = self.random.pick(templates).context("there are templates")?.clone();
        let request = self.fill(&template, token, target, "", expected);
        Ok(Request { route: target, ..request })
    }

    fn fill(&mut self, template: &Template, token: &str, target: &str, duration: &str, expected: Expected) -> Request {
        self.made += 1;
        let id = format!("load-{}", self.made);
        let event = template.fill(Filling { id: &id, token, target, duration });
        Request { id, event: Bytes::from(event), expected, route: "" }
    }
}

fn default_target(function: Function) -> &'static str {
    match function {
        Function::Credentials => "deploy",
        Function::Authorizer => "GET/whoami",
    }
}
