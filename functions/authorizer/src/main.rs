//! Entry point of the `authorizer` function.

// The SDK's futures nest deeper than the compiler follows by default.
#![recursion_limit = "256"]

use std::process::ExitCode;
use std::sync::Arc;

use brevet_authorizer::{App, Settings};
use brevet_function_kit::{Environment, Log, check_config, is_config_check};
use lambda_runtime::{Error, LambdaEvent, service_fn};
use serde_json::value::RawValue;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<ExitCode, Error> {
    let settings = Settings::read(&Environment::of_process());
    if is_config_check() {
        return Ok(check_config(settings.map(drop))?);
    }
    let app = Arc::new(App::start(settings?, Log::stdout()).await?);
    lambda_runtime::run(service_fn(|event: LambdaEvent<Box<RawValue>>| {
        let app = Arc::clone(&app);
        // Boxed: the runtime's layers would copy all of it from one to the next.
        Box::pin(async move { app.handle(&event.payload).await.map_err(Error::from) })
    }))
    .await?;
    Ok(ExitCode::SUCCESS)
}
