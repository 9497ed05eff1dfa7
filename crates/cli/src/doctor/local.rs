//! What can be seen without the network.

use std::path::Path;

use super::claims::UnverifiedClaims;
use super::report::{Broken, Found};
use crate::competition::{competing_config_file, competing_credentials_file, competing_variables};
use crate::endpoint::Endpoint;
use crate::environment::Environment;
use crate::failure::Failure;
use crate::token::TokenSource;

/// Variables with which ECS and EKS lead their own workloads to their own credentials.
const OF_THE_RUNNER: [&str; 2] = ["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"];

/// Whether AWS tools would come to Brevet at all. Names of variables only, never a value.
pub(super) fn environment(environment: &Environment) -> Result<Found<()>, Broken> {
    let mut competing: Vec<String> = competing_variables(environment).into_iter().map(str::to_owned).collect();
    let files = [competing_credentials_file(environment), competing_config_file(environment)];
    competing.extend(files.into_iter().flatten().map(|file| format!("the default profile in {}", file.display())));
    if competing.is_empty() {
        return Ok(Found::new((), "nothing competes with Brevet for the attention of AWS tools"));
    }
    if environment.text("AWS_CONTAINER_CREDENTIALS_FULL_URI").is_none() {
        let says = "AWS tools have other credentials here; `brevet exec` takes the variables away from its command";
        return Ok(Found::new((), says).with(competing));
    }
    let message = "AWS tools prefer other credentials to those of AWS_CONTAINER_CREDENTIALS_FULL_URI";
    let of_the_runner = competing.iter().any(|name| OF_THE_RUNNER.contains(&name.as_str()));
    let help = if of_the_runner {
        "`unset AWS_CONTAINER_CREDENTIALS_RELATIVE_URI AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE` at the start of `script:`: the \
         runner is on ECS or EKS, which sets them; or use `brevet exec`"
    } else {
        "unset these in the job, or use `brevet exec`, which keeps them from its command"
    };
    Err(Broken::from(Failure::misconfigured("competing_credentials", message, help)).with(competing))
}

/// Whether there is something that may be an ID token.
pub(super) fn token(file: Option<&Path>, environment: &Environment) -> Result<Found<TokenSource>, Broken> {
    let source = TokenSource::find(file, environment)?;
    source.token()?;
    let says = match &source {
        TokenSource::File(path) => format!("a JWT in the file `{}`", path.display()),
        TokenSource::Variable { name, .. } => format!("a JWT in {name}"),
    };
    Ok(Found::new(source, says))
}

/// Whether it says of itself that it is the ID token of a job.
pub(super) fn claims(tokens: &TokenSource) -> Result<Found<UnverifiedClaims>, Broken> {
    let help = "use the variable that an entry of the job's `id_tokens` sets";
    let fault = |message: String| Failure::misconfigured("not_a_job_token", message, help);
    let read = UnverifiedClaims::read(&tokens.token()?);
    let claims = read.ok_or_else(|| fault("the token's payload is not a JSON object".to_owned()))?;
    let issuer = claims.shown("iss");
    if issuer.starts_with("https://oidc.eks.") {
        return Err(fault("this is the token of an EKS pod, not of a GitLab job".to_owned()).into());
    }
    if claims.text("project_id").is_none() || claims.text("job_id").is_none() {
        return Err(fault(format!("this token of `{issuer}` names no project and job")).into());
    }
    if claims.audiences() != 1 {
        let message = format!("the token is for {} audiences ({})", claims.audiences(), claims.shown("aud"));
        let help = "give `aud:` of the `id_tokens` entry one value; other services get entries of their own";
        return Err(Failure::misconfigured("audience_not_accepted", message, help).into());
    }
    let says = format!("issued by {issuer} for {}", claims.shown("aud"));
    let details = vec![
        format!(
            "project {} ({}), job {}",
            claims.shown("project_path"),
            claims.shown("project_id"),
            claims.shown("job_id")
        ),
        format!(
            "{} {}, protected: {}; environment {}; source {}",
            claims.text("ref_type").unwrap_or_else(|| "ref".to_owned()),
            claims.shown("ref"),
            claims.shown("ref_protected"),
            claims.shown("environment"),
            claims.shown("pipeline_source")
        ),
    ];
    Ok(Found::new(claims, says).with(details))
}

/// Whether there is an address to ask.
pub(super) fn endpoint(asked: Option<&str>, environment: &Environment) -> Result<Found<Endpoint>, Broken> {
    let endpoint = Endpoint::find(asked, environment)?;
    let says = endpoint.to_string();
    Ok(Found::new(endpoint, says))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn examined(variables: &[(&str, &str)]) -> Result<Found<()>, Broken> {
        environment(&variables.iter().copied().collect())
    }

    #[test]
    fn finds_what_sdks_prefer_to_the_six_lines() {
        let uri = ("AWS_CONTAINER_CREDENTIALS_FULL_URI", "https://c.example.com/credentials?role=deploy");
        for name in ["AWS_ACCESS_KEY_ID", "AWS_PROFILE", "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"] {
            assert!(examined(&[uri, (name, "a value")]).is_err(), "{name}");
            assert!(examined(&[(name, "a value")]).is_ok(), "{name}: brevet exec takes care of it");
        }
        assert!(examined(&[uri]).is_ok());
    }
}
