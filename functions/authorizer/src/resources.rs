//! Routes of mappings as resources of an IAM policy, exactly.
//!
//! In an IAM resource `*` also matches `/`, so `GET/users/*` would open `/users/1/secrets` as well. Where a route has a
//! one-segment `*`, a denied resource takes back what the wildcard gives too much. Where that, or the `*` of a route that
//! is closed, would also take back another open route, no policy can say both, and the route is opened for the very
//! request alone: an answer that is cached for other requests then refuses too much, never too little.

mod glob;

use brevet_policy::{REFUSED_PATHS, RouteEntitlement};

use self::glob::Glob;
use crate::arn::MethodArn;

/// The most bytes of resources in an answer; routes that need more are not opened at all. WebSocket APIs document 8 KB for a whole answer; the context is the rest.
const MAX_BYTES: usize = 6 * 1024;

/// The longest resource API Gateway takes.
const MAX_RESOURCE: usize = 512;

/// The resources of a policy's two statements.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Resources {
    /// Of the statement that allows.
    pub(crate) allow: Vec<String>,
    /// Of the statement that denies.
    pub(crate) deny: Vec<String>,
    /// Whether they say all that the job may call, and not only what it calls now.
    pub(crate) say_all: bool,
}

impl Resources {
    /// Everything of this API and stage.
    pub(crate) fn whole_stage(arn: &MethodArn) -> Self {
        Self { allow: vec![arn.whole_stage()], deny: Vec::new(), say_all: true }
    }

    /// Nothing of it.
    pub(crate) fn nothing(arn: &MethodArn) -> Self {
        Self { allow: Vec::new(), deny: vec![arn.whole_stage()], say_all: true }
    }

    /// What the token may call on this API and stage, whichever route it calls now.
    pub(crate) fn of(arn: &MethodArn, entitlement: &RouteEntitlement) -> Self {
        let mut resources = Self { say_all: true, ..Self::default() };
        let globs: Vec<Glob> = entitlement.allow().iter().flat_map(Glob::of).collect();
        for (index, glob) in globs.iter().enumerate() {
            let excess = glob.excess();
            // Its own excess may touch a route only where a literal of it repeats (`/a/*/b/**` and `/a/1/b/b/2`): that
            // path stays closed, unless it is what is called now.
            let others = || globs.iter().enumerate().filter(|(other, _)| *other != index).map(|(_, open)| open);
            if excess.iter().all(|excess| !others().any(|open| excess.overlaps(open))) {
                resources.allow.push(arn.in_stage(&glob.resource()));
                resources.deny.extend(excess.iter().map(|excess| arn.in_stage(&excess.resource())));
            } else {
                resources.say_all = false;
            }
        }
        let closed: Vec<Glob> = entitlement.deny().iter().flat_map(Glob::of).collect();
        for glob in &closed {
            resources.deny.push(arn.in_stage(&glob.resource()));
            resources.deny.push(arn.in_stage(&format!("{}/", glob.resource())));
            // A closed `GET /users/*` also closes `/users/1/secrets`: too much, if that is open.
            resources.say_all &= !glob.excess().iter().any(|excess| globs.iter().any(|open| excess.overlaps(open)));
        }
        if !closed.is_empty() {
            // With percent-encoding every letter has a second spelling.
            resources.deny.push(arn.in_stage("*%*"));
        }
        if globs.iter().any(|glob| !glob.is_connect()) {
            resources.deny.extend(REFUSED_PATHS.map(|spelling| arn.in_stage(spelling)));
        }
        for list in [&mut resources.allow, &mut resources.deny] {
            list.sort_unstable();
            list.dedup();
        }
        if resources.fit() {
            resources.open_this_request(arn, entitlement)
        } else {
            Self { say_all: false, ..Self::default() }
        }
    }

    /// Whether this request is among what is allowed and not among what is denied, as API Gateway reads the policy.
    pub(crate) fn permit(&self, arn: &MethodArn) -> bool {
        let request = arn.to_string();
        let among = |list: &[String]| list.iter().any(|resource| iam_matches(resource, &request));
        among(&self.allow) && !among(&self.deny)
    }

    /// What the policy cannot say of all requests it can say of this one: beside the others, or alone where a denied
    /// resource stands against it.
    fn open_this_request(mut self, arn: &MethodArn, entitlement: &RouteEntitlement) -> Self {
        if self.permit(arn) || !entitlement.permits(arn.method(), arn.path()) {
            return self;
        }
        self.say_all = false;
        let Some(request) = arn.exactly().filter(|resource| resource.len() <= MAX_RESOURCE) else { return self };
        self.allow.push(request.clone());
        if self.permit(arn) { self } else { Self { allow: vec![request], ..Self::default() } }
    }

    fn fit(&self) -> bool {
        let all = || self.allow.iter().chain(&self.deny);
        all().map(|resource| resource.len() + 3).sum::<usize>() <= MAX_BYTES
            && all().all(|one| one.len() <= MAX_RESOURCE)
    }
}

/// As IAM reads a resource: `*` matches any run of characters, `/` included.
fn iam_matches(pattern: &str, text: &str) -> bool {
    let mut pieces = pattern.split('*');
    let Some(mut rest) = pieces.next().and_then(|first| text.strip_prefix(first)) else { return false };
    let Some(last) = pieces.next_back() else { return rest.is_empty() };
    for piece in pieces {
        let Some(found) = rest.find(piece) else { return false };
        rest = rest.get(found + piece.len()..).unwrap_or_default();
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests;
