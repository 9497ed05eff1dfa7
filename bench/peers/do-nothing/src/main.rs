//! The floor of every comparison: a function on the same runtime crate, in the same build, that reads its event and answers
//! always the same.

use lambda_runtime::{Error, LambdaEvent, run, service_fn};
use serde_json::{Value, json};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    run(service_fn(|_: LambdaEvent<Value>| async { Ok::<_, Error>(json!({"done": true})) })).await
}
