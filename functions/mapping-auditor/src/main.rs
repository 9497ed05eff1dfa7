//! Entry point of the `mapping-auditor` function.

use std::process::ExitCode;

use brevet_function_kit::{Environment, Log, check_config, is_config_check, unix_now};
use brevet_mapping_auditor::{App, Settings};
use lambda_runtime::{Error, LambdaEvent, service_fn};
use serde_json::Value;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<ExitCode, Error> {
    let settings = Settings::read(&Environment::of_process());
    if is_config_check() {
        return Ok(check_config(settings.map(drop))?);
    }
    let app = App::new(settings?, Log::stdout());
    lambda_runtime::run(service_fn(|event: LambdaEvent<Value>| {
        let answer = app.handle(&event.payload, unix_now());
        async move { answer.map_err(Error::from) }
    }))
    .await?;
    Ok(ExitCode::SUCCESS)
}
