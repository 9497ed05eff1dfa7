//! What a deployed Brevet publishes about itself in SSM. One read of one parameter, signed by hand: the SDK's crate for
//! SSM would be the largest of all that this program links.

use std::time::{Duration, SystemTime};

use aws_config::SdkConfig;
use aws_credential_types::provider::ProvideCredentials as _;
use aws_sigv4::http_request::{SignableBody, SignableRequest, SigningSettings, sign};
use aws_sigv4::sign::v4;
use serde_json::{Value, json};
use url::Url;

use super::trouble::Trouble;
use crate::endpoint::is_loopback;
use crate::environment::Environment;
use crate::http::{self, Trust};

const PATIENCE: Duration = Duration::from_secs(10);
const LONGEST_ANSWER: usize = 64 * 1024;
const HEADERS: [(&str, &str); 2] =
    [("content-type", "application/x-amz-json-1.1"), ("x-amz-target", "AmazonSSM.GetParameter")];

/// The fact of this name about the Brevet of an environment, in the account and region of the configuration.
pub(crate) async fn fact(
    name: &str,
    of: &str,
    config: &SdkConfig,
    environment: &Environment,
) -> Result<String, Trouble> {
    let parameter = format!("/brevet/{of}/{name}");
    let url = endpoint(config, environment);
    let failed = |message: String| Trouble::cannot_tell("fact_unavailable", message).with_help("or give --table");
    let is_local = Url::parse(&url).is_ok_and(|url| is_loopback(&url));
    let client = Trust::read(environment).and_then(|trust| trust.client(PATIENCE, is_local));
    let client = client.map_err(|fault| failed(fault.to_string()))?;
    let body = json!({"Name": parameter}).to_string();
    let signature = signature(&url, &body, config).await.ok_or_else(|| failed("SSM cannot be asked".to_owned()))?;
    let request = HEADERS.into_iter().fold(client.post(&url), |request, (name, value)| request.header(name, value));
    let request = signature.into_iter().fold(request, |request, (name, value)| request.header(name, value));
    let answer = request.body(body).send().await.map_err(|fault| failed(http::no_answer(&fault, &url).to_string()))?;
    let is_success = answer.status().is_success();
    let text = http::text(answer, LONGEST_ANSWER, &url).await.map_err(|fault| failed(fault.to_string()))?;
    let answer: Value = serde_json::from_str(&text).unwrap_or_default();
    if let Some(value) = answer.pointer("/Parameter/Value").and_then(Value::as_str).filter(|_| is_success) {
        return Ok(value.to_owned());
    }
    let kind = answer.get("__type").and_then(Value::as_str).unwrap_or_default();
    Err(match kind.rsplit('#').next().unwrap_or_default() {
        "ParameterNotFound" => {
            failed(format!("no Brevet of the environment `{of}` is deployed here: there is no parameter `{parameter}`"))
        }
        "AccessDeniedException" => {
            failed(format!("these credentials may not read the parameter `{parameter}` (ssm:GetParameter)"))
        }
        _ => failed(format!("SSM does not tell the parameter `{parameter}`")),
    })
}

fn endpoint(config: &SdkConfig, environment: &Environment) -> String {
    let given = environment.text("AWS_ENDPOINT_URL_SSM").or(config.endpoint_url());
    let region = config.region().map(ToString::to_string).unwrap_or_default();
    let suffix = if region.starts_with("cn-") { "amazonaws.com.cn" } else { "amazonaws.com" };
    let url = given.map_or_else(|| format!("https://ssm.{region}.{suffix}"), str::to_owned);
    format!("{}/", url.trim_end_matches('/'))
}

/// The headers that make the request one of these credentials.
async fn signature(url: &str, body: &str, config: &SdkConfig) -> Option<Vec<(String, String)>> {
    let identity = config.credentials_provider()?.provide_credentials().await.ok()?.into();
    let region = config.region()?.to_string();
    let parameters = v4::SigningParams::builder()
        .identity(&identity)
        .region(&region)
        .name("ssm")
        .time(SystemTime::now())
        .settings(SigningSettings::default())
        .build()
        .ok()?
        .into();
    let request = SignableRequest::new("POST", url, HEADERS.into_iter(), SignableBody::Bytes(body.as_bytes())).ok()?;
    let (instructions, _) = sign(request, &parameters).ok()?.into_parts();
    let (headers, _) = instructions.into_parts();
    Some(headers.iter().map(|header| (header.name().to_owned(), header.value().to_owned())).collect())
}
