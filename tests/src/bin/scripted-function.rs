//! `scripted-function`: a function that does what its events say. What tests of the Runtime API run on it.

use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::ExitCode;

use anyhow::{Context as _, bail};
use serde::Deserialize;

/// What to do with an event.
#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Script {
    /// Answers with the value itself.
    Answer(serde_json::Value),
    /// Answers with so many bytes.
    AnswerBytes(usize),
    /// Reports an error of this type.
    Fail(String),
    /// Writes a line to standard output and one to standard error, then answers.
    Say(String),
    /// Answers with the names of its variables, or with the value of one.
    Variable(Option<String>),
    /// Ends without an answer.
    Exit(u8),
    /// Answers nothing, ever.
    Hang,
}

/// `INIT` may say `fail` or `exit`.
fn main() -> anyhow::Result<ExitCode> {
    let mut api = Api::connect(&std::env::var("AWS_LAMBDA_RUNTIME_API")?)?;
    match std::env::var("INIT").as_deref() {
        Ok("fail") => {
            api.post("init/error", br#"{"errorType":"Scripted"}"#, "Runtime.Scripted")?;
            return Ok(ExitCode::FAILURE);
        }
        Ok("exit") => {
            writeln!(io::stderr(), "told to exit")?;
            return Ok(ExitCode::from(7));
        }
        _ => {}
    }
    loop {
        let (id, event) = api.next()?;
        let response = format!("invocation/{id}/response");
        match serde_json::from_slice(&event)? {
            Script::Answer(value) => api.post(&response, value.to_string().as_bytes(), "")?,
            Script::AnswerBytes(count) => api.post(&response, &vec![b'x'; count], "")?,
            Script::Fail(kind) => api.post(&format!("invocation/{id}/error"), b"{}", &kind)?,
            Script::Say(text) => {
                writeln!(io::stdout(), "{text}")?;
                writeln!(io::stderr(), "{text}, aside")?;
                api.post(&response, b"null", "")?;
            }
            Script::Variable(Some(name)) => api.post(&response, std::env::var(name)?.as_bytes(), "")?,
            Script::Variable(None) => {
                let names: Vec<String> = std::env::vars().map(|(name, _)| name).collect();
                api.post(&response, &serde_json::to_vec(&names)?, "")?;
            }
            Script::Exit(code) => return Ok(ExitCode::from(code)),
            Script::Hang => loop {
                std::thread::park();
            },
        }
    }
}

/// The least there is to a client of the Runtime API: one connection, kept alive, and one request after another.
struct Api {
    host: String,
    connection: BufReader<TcpStream>,
}

impl Api {
    fn connect(host: &str) -> anyhow::Result<Self> {
        let stream = TcpStream::connect(host)?;
        stream.set_nodelay(true)?;
        Ok(Self { host: host.to_owned(), connection: BufReader::new(stream) })
    }

    /// The request id and the event.
    fn next(&mut self) -> anyhow::Result<(String, Vec<u8>)> {
        let (headers, event) = self.send("GET", "invocation/next", b"", "")?;
        let value = |name: &str| headers.iter().find_map(|line| line.strip_prefix(name)).map(str::trim);
        for promised in
            ["lambda-runtime-deadline-ms:", "lambda-runtime-invoked-function-arn:", "lambda-runtime-trace-id:"]
        {
            value(promised).with_context(|| format!("the Runtime API sends no `{promised}`"))?;
        }
        let id = value("lambda-runtime-aws-request-id:").context("the Runtime API sends no request id")?;
        Ok((id.to_owned(), event))
    }

    fn post(&mut self, path: &str, body: &[u8], error_type: &str) -> anyhow::Result<()> {
        self.send("POST", path, body, error_type).map(drop)
    }

    fn send(
        &mut self,
        method: &str,
        path: &str,
        body: &[u8],
        error_type: &str,
    ) -> anyhow::Result<(Vec<String>, Vec<u8>)> {
        let mut request = format!(
            "{method} /2018-06-01/runtime/{path} HTTP/1.1\r\nhost: {}\r\ncontent-length: {}\r\n\
             lambda-runtime-function-error-type: {error_type}\r\n\r\n",
            self.host,
            body.len()
        )
        .into_bytes();
        request.extend_from_slice(body);
        self.connection.get_mut().write_all(&request)?;
        let mut headers = Vec::new();
        loop {
            let mut line = String::new();
            if self.connection.read_line(&mut line)? == 0 {
                bail!("the Runtime API has hung up");
            }
            if line == "\r\n" {
                break;
            }
            headers.push(line.trim_end().to_ascii_lowercase());
        }
        let length = headers.iter().find_map(|line| line.strip_prefix("content-length:")).context("a length")?;
        let mut answer = vec![0; length.trim().parse()?];
        self.connection.read_exact(&mut answer)?;
        Ok((headers, answer))
    }
}
