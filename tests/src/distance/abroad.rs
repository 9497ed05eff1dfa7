use std::time::Duration;

use super::journal::Journal;
use super::service::Service;
use crate::aws::FakeAws;
use crate::gitlab::LocalGitlab;
use crate::tls::PrivateCa;

/// A GitLab, a DynamoDB and an STS, each the same time away, each behind TLS under one private authority.
#[derive(Debug)]
pub struct Abroad {
    /// The GitLab, which is called as it can be reached: from afar.
    pub gitlab: LocalGitlab,
    /// Both services of AWS.
    pub aws: FakeAws,
    /// Who travelled.
    pub journal: Journal,
    /// In the order of [`SERVICES`].
    services: [Service; 3],
    authority: PrivateCa,
}

/// Names of the services, in the journal.
const SERVICES: [&str; 3] = ["keys", "dynamodb", "sts"];

impl Abroad {
    /// Starts all three, `round_trip` away.
    pub async fn start(round_trip: Duration) -> Self {
        let (authority, journal) = (PrivateCa::new(), Journal::default());
        let [keys, dynamodb, sts] = SERVICES;
        let services = [
            Service::open(keys, round_trip, &authority, &journal).await,
            Service::open(dynamodb, round_trip, &authority, &journal).await,
            Service::open(sts, round_trip, &authority, &journal).await,
        ];
        let [keys, dynamodb, sts] = &services;
        let (gitlab, aws) = (LocalGitlab::start_called(keys.url()).await, FakeAws::start().await);
        keys.lead_to(gitlab.address());
        dynamodb.lead_to(aws.address());
        sts.lead_to(aws.address());
        Self { gitlab, aws, journal, services, authority }
    }

    /// The certificate of the authority of all three.
    pub fn ca_pem(&self) -> String {
        self.authority.pem()
    }

    /// The variables that tell any AWS SDK where the services are.
    pub fn endpoints(&self) -> [(&'static str, String); 2] {
        let [_, dynamodb, sts] = &self.services;
        [("AWS_ENDPOINT_URL_DYNAMODB", dynamodb.url()), ("AWS_ENDPOINT_URL_STS", sts.url())]
    }
}
