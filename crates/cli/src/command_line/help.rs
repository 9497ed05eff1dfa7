//! What `--help` teaches beside the flags.

/// Below `-h`.
pub(crate) const SHORT: &str = "`brevet --help` shows examples, variables and exit codes.";

/// Below `--help`.
pub(crate) const LONG: &str = "\
A job of .gitlab-ci.yml:
  deploy:
    id_tokens:
      BREVET_ID_TOKEN:
        aud: https://credentials.example.com
    variables:
      BREVET_URL: https://credentials.example.com
      AWS_REGION: eu-central-1
    script:
      - brevet exec deploy -- npx cdk deploy --require-approval never

Variables, each used when its flag is not given:
  BREVET_URL                  where Brevet's API is; https, or http on this machine. Without it,
                              AWS_CONTAINER_CREDENTIALS_FULL_URI, which leads the AWS SDKs to Brevet, is used
  BREVET_ID_TOKEN_FILE        a file with the job's ID token; or
  BREVET_ID_TOKEN             the ID token itself; or
  AWS_CONTAINER_AUTHORIZATION_TOKEN   the same, as the AWS SDKs know it. It is never an argument: others could read it
  BREVET_LOG_GROUP            group of CloudWatch Logs for `brevet exec`
  AWS_CA_BUNDLE               PEM file of further authorities to trust, beside the system's and SSL_CERT_FILE
  HTTPS_PROXY, NO_PROXY       as everywhere

Exit codes:
    0  done
   64  the command line, or a file it names, is wrong
   74  the command has succeeded, but its log is incomplete
   75  nothing can be said now: Brevet or AWS is throttling, down or out of reach; try again
   77  refused: Brevet or AWS says no
   78  set up wrongly: no token, no address, TLS, or Brevet's own settings
   22  `brevet request`: answered, but neither with success nor with one of the above
  `brevet exec` otherwise ends with its command's own code; 128+N if signal N ended it, 126 if it cannot be
  started, 127 if it is not there. The commands of platform admins have codes of their own: 0, 1 (found what was looked
  for), 2 (refused), 3 (cannot tell); `brevet mappings --help` tells more.";

/// Below `brevet exec --help`.
pub(crate) const EXEC: &str = "\
The role's session is fetched before the command starts: where it is refused, nothing is started. The command finds the
session at an address on 127.0.0.1 that its AWS SDK asks by itself (AWS_CONTAINER_CREDENTIALS_FULL_URI), again before the
session ends. So a command may run for as long as the job's ID token is valid, and one session longer: raise the job's
`timeout:` for more.

The command is not given the ID token, nor what AWS tools would prefer to the session: keys, profiles and roles in
variables, and the file of shared credentials. AWS_CONFIG_FILE stays; profiles in it can build on this session with
`credential_source = EcsContainer`.

Containers that the command starts cannot reach 127.0.0.1 of the job: use --env for those, and pass the variables on.

Signals are passed on, and the exit code is the command's own.

With --log-group the command, its output and how it ended go to the stream PROJECT_ID/PIPELINE_ID/JOB_ID of that group,
written by the role itself (logs:CreateLogStream, logs:PutLogEvents). Where that is not possible nothing is started. The
command's output is a pipe then, and what it leaves running in the background is no longer heard once it has ended.
Secrets are taken out: those that Brevet knows, values of variables that are called token, password and the like, and
what looks like one. The output in the job's own log stays as it is.

Examples:
  brevet exec deploy -- aws sts get-caller-identity
  brevet exec deploy --log-group /brevet/pipelines -- npx cdk deploy
  brevet exec deploy --duration 900 --session-policy only-s3.json -- ./sync.sh
  brevet exec deploy --env -- docker run --rm -e AWS_ACCESS_KEY_ID -e AWS_SECRET_ACCESS_KEY -e AWS_SESSION_TOKEN image";

/// Below `brevet credentials --help`.
pub(crate) const CREDENTIALS: &str = "\
Credentials on standard output go where you send them, so prefer `brevet exec`. GitLab masks what it knows beforehand,
and it does not know these: a job that prints them shows them in its log. To a terminal they are not printed at all.

Examples:
  In a shell, without tracing (`set -x` prints what it evaluates):
    eval \"$(brevet credentials deploy --format env)\"
  In a profile of AWS_CONFIG_FILE, for tools that know no container credentials and should still renew:
    credential_process = brevet credentials deploy --format process
  For `docker run --env-file`; as an artifact (`artifacts:reports:dotenv`) others could read it:
    brevet credentials deploy --format dotenv > aws.env";

/// Below `brevet request --help`.
pub(crate) const REQUEST: &str = "\
The body of the answer goes to standard output. Redirects are not followed.

Exit codes: 0 for 2xx, 77 for 401 and 403, 75 for 429, 5xx and no answer, 22 for everything else.

Examples:
  brevet request GET https://a1b2c3.execute-api.eu-central-1.amazonaws.com/v1/reports/7 --role reports-reader
  brevet exec reports -- brevet request POST https://reports.example.com/v1/reports --region eu-central-1 --data @new.json";

/// Below `brevet doctor --help`.
pub(crate) const DOCTOR: &str = "\
Checks, in this order, and stops at the first that is broken: what else AWS tools would take credentials from; the token,
its kind and its claims; Brevet's address, its name, connection and TLS; the clock; whether Brevet accepts the token; the
mappings, with each row's first failing condition; and, for a ROLE, whether the role trusts Brevet for this job.

It prints names of variables and claims, never a token or a credential. The exit code is that of the broken layer.";
