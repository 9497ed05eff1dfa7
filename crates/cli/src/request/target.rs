use url::Url;

use crate::endpoint::{is_loopback, is_safe};
use crate::environment::Environment;
use crate::failure::Failure;

/// An address a session may be shown to: `https`, or `http` on this machine.
#[derive(Clone, Debug)]
pub struct Target(Url);

impl Target {
    /// Reads an address, or says why nothing is sent there.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let url = Url::parse(text).map_err(|fault| format!("this is no address: {fault}"))?;
        if is_safe(&url) {
            Ok(Self(url))
        } else {
            Err("a session goes to plain https addresses alone, or to http on this machine".to_owned())
        }
    }

    pub(super) fn url(&self) -> &Url {
        &self.0
    }

    pub(super) fn is_loopback(&self) -> bool {
        is_loopback(&self.0)
    }

    /// For messages: a query may hold what is nobody's business.
    pub(super) fn without_query(&self) -> String {
        let mut url = self.0.clone();
        url.set_query(None);
        url.to_string()
    }

    /// The region of the signature: the one asked for, else the one in the name of an API Gateway host, else the job's.
    pub(super) fn region(&self, asked: Option<&str>, environment: &Environment) -> Result<String, Failure> {
        let job = || environment.text("AWS_REGION").or_else(|| environment.text("AWS_DEFAULT_REGION"));
        let region = asked.or_else(|| self.region_in_host()).or_else(job).ok_or_else(|| {
            Failure::usage(
                "region_missing",
                "this address does not tell its AWS region: give --region, or set AWS_REGION",
            )
        })?;
        if region.is_empty()
            || !region.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
        {
            return Err(Failure::usage("region_invalid", "a region has a name such as `eu-central-1`"));
        }
        Ok(region.to_owned())
    }

    /// `<api>.execute-api.<region>.amazonaws.com`, and the same in China.
    fn region_in_host(&self) -> Option<&str> {
        let host = self.0.host_str()?;
        let host = host.strip_suffix(".amazonaws.com").or_else(|| host.strip_suffix(".amazonaws.com.cn"))?;
        let (api, region) = host.split_once(".execute-api.")?;
        (!api.is_empty() && !region.contains('.')).then_some(region)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn region(url: &str, asked: Option<&str>, variables: &[(&str, &str)]) -> Result<String, String> {
        let environment = variables.iter().copied().collect();
        Target::parse(url).unwrap().region(asked, &environment).map_err(|failure| failure.code().to_owned())
    }

    #[test]
    fn refuses_addresses_that_others_can_listen_to() {
        for text in
            ["http://api.example.com/x", "http://10.0.0.1/", "ftp://api.example.com", "https://u:p@x.example", "x"]
        {
            assert!(Target::parse(text).is_err(), "{text}");
        }
        assert!(Target::parse("http://127.0.0.1:8000/x").is_ok());
    }

    #[test]
    fn takes_the_region_from_the_flag_then_the_host_then_the_job() {
        let api = "https://a1.execute-api.eu-west-1.amazonaws.com/v1/x";
        let own = "https://api.example.com/x";
        let job = [("AWS_REGION", "us-east-1"), ("AWS_DEFAULT_REGION", "us-east-2")];
        assert_eq!(region(api, Some("eu-north-1"), &job).unwrap(), "eu-north-1");
        assert_eq!(region(api, None, &job).unwrap(), "eu-west-1");
        assert_eq!(region("https://a1.execute-api.cn-north-1.amazonaws.com.cn/", None, &job).unwrap(), "cn-north-1");
        assert_eq!(region(own, None, &job).unwrap(), "us-east-1");
        assert_eq!(region(own, None, &job[1..]).unwrap(), "us-east-2");
        assert_eq!(region(own, None, &[]).unwrap_err(), "region_missing");
        assert_eq!(region(own, Some("EU/1"), &[]).unwrap_err(), "region_invalid");
        let impostor = "https://a.execute-api.eu-west-1.amazonaws.com.evil.example/";
        assert_eq!(region(impostor, None, &[]).unwrap_err(), "region_missing");
    }

    #[test]
    fn keeps_the_query_out_of_messages() {
        let target = Target::parse("https://api.example.com/x?key=secret").unwrap();
        assert_eq!(target.without_query(), "https://api.example.com/x");
    }
}
