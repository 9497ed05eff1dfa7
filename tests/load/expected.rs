/// What a request has to be answered with, known when it is made and from nothing of Brevet's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Expected {
    /// The code when everything is well, `granted` for a grant.
    pub(crate) code: &'static str,
    pub(crate) proof: Proof,
    pub(crate) reach: Reach,
    /// The session of a grant of credentials.
    pub(crate) session: Option<String>,
}

/// What stands behind the token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Proof {
    /// Nothing that a key could be looked up for.
    Nothing,
    /// A key that no GitLab ever published, or a signature that fits none.
    Forged,
    /// The GitLab's own signature, by its first, second, ... key.
    Signed(usize),
}

/// How far a request gets when its signature is accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Reach {
    Token,
    Rows,
    Sts,
}

impl Expected {
    pub(crate) fn unproved(code: &'static str, proof: Proof) -> Self {
        Self { code, proof, reach: Reach::Token, session: None }
    }
}
