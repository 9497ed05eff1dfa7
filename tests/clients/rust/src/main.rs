//! `sdk-client CALLS PAUSE_SECONDS`: asks STS who it is, several times with one client, as a program that runs for long does.

use std::process::ExitCode;
use std::time::Duration;

use aws_config::BehaviorVersion;
use aws_sdk_sts::error::DisplayErrorContext;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let calls = arguments.next().and_then(|calls| calls.parse().ok());
    let pause = arguments.next().and_then(|pause| pause.parse().ok());
    let (Some(calls), Some(pause)) = (calls, pause) else {
        eprintln!("usage: sdk-client CALLS PAUSE_SECONDS");
        return ExitCode::FAILURE;
    };
    match ask(calls, Duration::from_secs(pause)).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {}", DisplayErrorContext(error));
            ExitCode::FAILURE
        }
    }
}

async fn ask(calls: u32, pause: Duration) -> Result<(), aws_sdk_sts::Error> {
    let config = aws_config::load_defaults(BehaviorVersion::latest()).await;
    let sts = aws_sdk_sts::Client::new(&config);
    for call in 0..calls {
        if call > 0 {
            tokio::time::sleep(pause).await;
        }
        let caller = sts.get_caller_identity().send().await?;
        println!("{}", caller.arn().unwrap_or_default());
    }
    Ok(())
}
