//! The adapter to STS: a session request in, a session or a named fault out.

mod fault;
mod partition;
mod trust;

use aws_sdk_sts::config::Region;
use aws_sdk_sts::operation::RequestId as _;
use aws_sdk_sts::types::{AssumedRoleUser, Credentials, PolicyDescriptorType, Tag};
use brevet_function_kit::unix_now;
use brevet_identity::BearerToken;
use brevet_policy::{How, SessionRequest, SessionTag};

pub(crate) use self::fault::StsFault;
use self::partition::partition_of;
pub(crate) use self::trust::MissingTrust;

/// STS in the function's own region.
#[derive(Clone)]
pub(crate) struct Sts {
    client: aws_sdk_sts::Client,
    /// The partition of AWS that region is in, if it is known.
    partition: Option<&'static str>,
}

/// A session, with what the audit line says of it.
pub(crate) struct Session {
    /// The credentials. They have no way into a log but through this field.
    pub credentials: Credentials,
    /// The session's ARN.
    pub assumed_role_arn: String,
    /// STS's id of the request.
    pub sts_request_id: Option<String>,
    /// How much of the space for policies and tags is used.
    pub packed_policy_percent: Option<i32>,
    /// Tags that had to be left out.
    pub dropped_tags: Vec<String>,
}

impl Sts {
    /// Wraps a client.
    pub(crate) fn new(client: aws_sdk_sts::Client) -> Self {
        let partition = client.config().region().map(Region::as_ref).and_then(partition_of);
        Self { client, partition }
    }

    /// Opens the session. A role of another partition is refused here: STS has no good word for it. Where policies and tags are too large together, it tries once more without the tags that
    /// nobody's permissions rest on.
    pub(crate) async fn open(&self, request: &SessionRequest, token: &BearerToken) -> Result<Session, StsFault> {
        if let Some(partition) = self.partition.filter(|own| *own != request.role_arn.partition()) {
            return Err(StsFault::OtherPartition { own: partition });
        }
        match (self.call(request, token).await, request.without_audit_only_tags()) {
            (Err(StsFault::PackedPolicyTooLarge), Some(smaller)) => {
                let mut session = self.call(&smaller, token).await?;
                session.dropped_tags = dropped(request, &smaller);
                Ok(session)
            }
            (outcome, _) => outcome,
        }
    }

    #[expect(
        deprecated,
        reason = "`PackedPolicySize` is what every region answers with; its successor is not there yet"
    )]
    async fn call(&self, request: &SessionRequest, token: &BearerToken) -> Result<Session, StsFault> {
        match &request.how {
            How::AssumeRole { tags, transitive_tag_keys, external_id, source_identity } => {
                let call = self
                    .client
                    .assume_role()
                    .role_arn(request.role_arn.to_string())
                    .role_session_name(&request.session_name)
                    .duration_seconds(seconds(request))
                    .set_policy(request.policy.clone())
                    .set_policy_arns(policy_arns(request))
                    .set_tags(Some(tags.iter().map(sts_tag).collect::<Result<_, _>>()?))
                    .set_transitive_tag_keys(Some(transitive_tag_keys.clone()).filter(|keys| !keys.is_empty()))
                    .set_external_id(external_id.as_ref().map(|id| id.expose().to_owned()))
                    .set_source_identity(source_identity.clone());
                let answer = call.send().await.map_err(|error| StsFault::of(&error))?;
                let request_id = answer.request_id().map(str::to_owned);
                session(answer.credentials, answer.assumed_role_user, answer.packed_policy_size, request_id)
            }
            How::WebIdentity => {
                let call = self
                    .client
                    .assume_role_with_web_identity()
                    .role_arn(request.role_arn.to_string())
                    .role_session_name(&request.session_name)
                    .duration_seconds(seconds(request))
                    .set_policy(request.policy.clone())
                    .set_policy_arns(policy_arns(request))
                    .web_identity_token(token.expose());
                let answer = call.send().await.map_err(|error| StsFault::of(&error))?;
                let request_id = answer.request_id().map(str::to_owned);
                session(answer.credentials, answer.assumed_role_user, answer.packed_policy_size, request_id)
            }
        }
    }
}

fn seconds(request: &SessionRequest) -> i32 {
    i32::try_from(request.duration_seconds).unwrap_or(i32::MAX)
}

fn policy_arns(request: &SessionRequest) -> Option<Vec<PolicyDescriptorType>> {
    let descriptors = request.policy_arns.iter().map(|arn| PolicyDescriptorType::builder().arn(arn).build());
    Some(descriptors.collect::<Vec<_>>()).filter(|arns| !arns.is_empty())
}

fn sts_tag(tag: &SessionTag) -> Result<Tag, StsFault> {
    Tag::builder()
        .key(&tag.key)
        .value(&tag.value)
        .build()
        .map_err(|_| StsFault::Misconfigured("a session tag has no key".to_owned()))
}

fn session(
    credentials: Option<Credentials>,
    user: Option<AssumedRoleUser>,
    packed_policy_percent: Option<i32>,
    sts_request_id: Option<String>,
) -> Result<Session, StsFault> {
    let (Some(credentials), Some(user)) = (credentials, user) else {
        return Err(StsFault::Unavailable("STS answered without credentials".to_owned()));
    };
    // An SDK that is given an ended session asks for the next one at once, and again.
    if credentials.expiration().secs() <= i64::try_from(unix_now()).unwrap_or(i64::MAX) {
        return Err(StsFault::Unavailable("STS answered with a session that has ended".to_owned()));
    }
    let assumed_role_arn = user.arn().to_owned();
    Ok(Session { credentials, assumed_role_arn, sts_request_id, packed_policy_percent, dropped_tags: Vec::new() })
}

fn dropped(request: &SessionRequest, smaller: &SessionRequest) -> Vec<String> {
    let keys = |request: &SessionRequest| match &request.how {
        How::AssumeRole { tags, .. } => tags.iter().map(|tag| tag.key.clone()).collect(),
        How::WebIdentity => Vec::new(),
    };
    let kept = keys(smaller);
    keys(request).into_iter().filter(|key| !kept.contains(key)).collect()
}

#[cfg(test)]
mod tests {
    use aws_sdk_sts::primitives::DateTime;

    use super::*;

    fn opened(expiration: i64) -> Result<Session, StsFault> {
        let credentials = Credentials::builder().access_key_id("a").secret_access_key("b").session_token("c");
        let credentials = credentials.expiration(DateTime::from_secs(expiration)).build().unwrap();
        let user = AssumedRoleUser::builder().assumed_role_id("AROA:x").arn("arn:aws:sts::1:x").build().unwrap();
        session(Some(credentials), Some(user), None, None)
    }

    #[test]
    fn a_session_that_has_ended_is_none() {
        let now = i64::try_from(unix_now()).unwrap();
        for ended in [i64::MIN / 2, -1, 0, now - 3_600, now] {
            let fault = opened(ended).err().unwrap();
            assert_eq!(
                fault,
                StsFault::Unavailable("STS answered with a session that has ended".to_owned()),
                "{ended}"
            );
        }
        assert!(opened(now + 900).is_ok());
    }
}
