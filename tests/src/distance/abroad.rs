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
    /// What is between them and here.
    pub distance: Distance,
}

/// The ways to all three services.
#[derive(Debug)]
pub struct Distance {
    /// Who travelled.
    pub journal: Journal,
    keys: Service,
    dynamodb: Service,
    sts: Service,
    authority: PrivateCa,
}

impl Abroad {
    /// Starts all three, `round_trip` away.
    pub async fn start(round_trip: Duration) -> Self {
        let distance = Distance::of(round_trip).await;
        let (gitlab, aws) = (LocalGitlab::start_called(distance.keys.url()).await, FakeAws::start().await);
        distance.keys.lead_to(gitlab.address());
        distance.dynamodb.lead_to(aws.address());
        distance.sts.lead_to(aws.address());
        Self { gitlab, aws, distance }
    }
}

impl Distance {
    async fn of(round_trip: Duration) -> Self {
        let (authority, journal) = (PrivateCa::new(), Journal::default());
        let open = async |name| Service::open(name, round_trip, &authority, &journal).await;
        let (keys, dynamodb, sts) = (open("keys").await, open("dynamodb").await, open("sts").await);
        Self { journal, keys, dynamodb, sts, authority }
    }

    /// The certificate of the authority of all three.
    pub fn ca_pem(&self) -> String {
        self.authority.pem()
    }

    /// The variables that tell any AWS SDK where the services are.
    pub fn endpoints(&self) -> [(&'static str, String); 2] {
        [("AWS_ENDPOINT_URL_DYNAMODB", self.dynamodb.url()), ("AWS_ENDPOINT_URL_STS", self.sts.url())]
    }
}
