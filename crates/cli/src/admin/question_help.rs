//! What `--help` of the questions teaches beside the flags.

/// Below `brevet explain --help`.
pub(super) const EXPLAIN: &str = "\
Decides by the same code as Brevet's functions, over the rows of the table, of files (-f), or of the table with proposed
rows in it (--with). It shows every row that has a say, its first failing condition with what would have matched, the
decision, and the call that STS would get. Nothing is asked of STS. No token is verified unless --issuers says by which
issuers. Confidential values (external ids) are not shown.

Whose job it is, one of:
  --claims FILE       the payload of an ID token, as JSON
  --audit-line FILE   a line of the functions' log; it also tells what was asked for, and when
  --token-file FILE, --token-env NAME, or what `brevet` finds in a job (BREVET_ID_TOKEN)

Exit codes: 0 explained, whether granted or denied; 2 claims, files or arguments are refused; 3 cannot tell.

Examples:
  Why was this job refused last night?
    brevet explain --audit-line line.json --table brevet-mappings
  Would the merge request's rows let it in?
    brevet explain --audit-line line.json --table brevet-mappings --with mappings/
  What may this job do on New Year's Eve, by the files alone?
    brevet explain --claims claims.json --role deploy -f mappings/ --at 2026-12-31T23:00:00Z
  In a job, with its own token, verified as Brevet does it:
    brevet explain --role api.reports --issuers issuers.json --table brevet-mappings";

/// Below `brevet who-can --help`.
pub(super) const WHO_CAN: &str = "\
Reads the rows and states who gets there as conditions: GitLab's branches and people are not asked. Rows that lead there
now come first; then those that could (report mode, expired, switched off, unreadable), each with the reason. Deny rows
that take somebody out are listed below each row. `{project_id}` in a role's ARN is matched.

Who may push to a protected branch, or deploy to a protected environment, is for GitLab to say: look at the project's
settings for the refs that are named.

Exit codes: 0 answered, also with nobody; 2 refused arguments or files; 3 cannot tell.

Examples:
  brevet who-can arn:aws:iam::111122223333:role/brevet/deploy --table brevet-mappings
  brevet who-can deploy -f mappings/
  brevet who-can api.reports --table brevet-mappings --json";

/// Below `brevet roles --help`.
pub(super) const ROLES: &str = "\
Every row that is for the project, by name; below each name the most specific first: the first whose terms a job meets
is used. Rows may be for an id, for the id of a namespace, or for a path: what of these is not given cannot be told, and
the rows that depend on it say so.

Exit codes: 0 answered, also with nothing; 2 refused arguments or files; 3 cannot tell.

Examples:
  brevet roles 4711 --table brevet-mappings
  brevet roles 4711 --path nordwind/platform/payments-api --namespace-id 812 --table brevet-mappings
  brevet roles nordwind/platform/payments-api --project-id 4711 --issuer gitlab.example.com -f mappings/";

/// Below `brevet what-if --help`.
pub(super) const WHAT_IF: &str = "\
Reads the decisions that Brevet recorded (its audit lines), and decides each again, as if the job came now with a token
as old as it was then: over the table as it is, and over the table as `brevet mappings apply` would leave it with the
proposed rows. What differs is told, by project and name, with counts: who gains, who loses, who gets another role.

With --alone the proposed rows are the whole table, and are held against what was decided then.

It tells of jobs that came, and nothing of those that did not: `brevet mappings plan` says what a change can do. Lines
hold no `user_email`, so decisions that hang on a condition on it cannot be told. The log is read page by page and not
kept: any number of decisions takes the same memory.

Exit codes: 0 answered; 1 with --exit-code if anybody gains, loses or moves; 2 refused arguments or files; 3 cannot tell.

Examples:
  brevet what-if --proposed mappings/ --since 7d --log-group /aws/lambda/brevet-credentials --table brevet-mappings
  brevet what-if --proposed mappings/ --audit-file audit.jsonl --alone
  In a merge request, to be looked at when something changes:
    brevet what-if --proposed mappings/ --since 4w --exit-code";

/// Below `brevet report --help`.
pub(super) const REPORT: &str = "\
From the rows: freezes, deny rows in force, rows that cannot be read, that expire or are due for review within 14 days,
that end by themselves. From the decisions that Brevet recorded beside them: rows that nobody used, rows in report mode
with what they would have done, projects that were renamed, and the most frequent refusals.

A row is called unused if no decision of the time used it: give --since as long as your rarest job's interval, and the
log group of each function (--log-group may be given again; the rows `api.*` are used by authorizers).

Exit codes: 0 reported, whatever it says; 2 refused arguments or files; 3 cannot tell.

Examples:
  brevet report --since 30d --log-group /aws/lambda/brevet-credentials --table brevet-mappings
  brevet report --rows-only -f mappings/
  brevet report --audit-file audit.jsonl --table brevet-mappings --json";

/// Below `brevet freeze --help`.
pub(super) const FREEZE: &str = "\
Writes one deny row with the name `*` and no conditions. A deny row wins over every allow row, and Brevet reads the
table with strong consistency, so the next request is refused with `explicitly_denied`. `*` stands for every name: the
roles, and the routes of every API (`api.*`).

It does not end sessions that jobs have already: those live until they end, an hour at most as a rule. To cut them off,
revoke the role's sessions in IAM. API Gateway keeps an authorizer's answer for its cache time (60 s by default).

Running it again changes the reason or the end, and nothing if both are the same. A row `*` that somebody wrote by hand
is never touched. The row is kept by `brevet-freeze`, so `brevet mappings apply` leaves it alone; `brevet report` shows
it, and the mapping auditor raises an alarm while one is there.

Exit codes: 0 frozen; 2 refused, such as a row by hand; 3 cannot tell, and then it says whether the freeze is in force.

Examples:
  brevet freeze --scope gitlab.example.com/project/4711 --reason 'leaked token, INC-77' --table brevet-mappings
  brevet freeze --scope gitlab.example.com/group/nordwind/platform --reason 'release freeze' --expires-in 4h
  brevet freeze --issuer gitlab.example.com --reason 'GitLab was broken into, INC-78'";

/// Below `brevet unfreeze --help`.
pub(super) const UNFREEZE: &str = "\
Deletes the row that `brevet freeze` wrote, and no other. Where there is none there is nothing to do; a row `*` that
somebody wrote by hand is refused.

Exit codes: 0 not frozen any more; 2 refused, such as a row by hand; 3 cannot tell.

Examples:
  brevet unfreeze --scope gitlab.example.com/project/4711 --table brevet-mappings
  brevet unfreeze --issuer gitlab.example.com";
