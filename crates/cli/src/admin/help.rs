//! What `--help` teaches beside the flags.

/// Below `brevet mappings --help`.
pub(crate) const MAPPINGS: &str = "\
Keep role mappings in YAML, review them in merge requests, and let a pipeline apply them:

  # yaml-language-server: $schema=schema.json
  mappings:
    - scope: gitlab.example.com/project/4711
      name: deploy
      role_arn: arn:aws:iam::111122223333:role/brevet/payments-deploy
      conditions: {ref: main, ref_type: branch, ref_protected: true}
      owner: team-payments
      review_by: 2027-03-31

A file has rows as documents, as a list, or as a list below `mappings:`. Values of conditions are taken as they are
written. Anchors, aliases and tags are not read.

AWS credentials are the usual ones: variables, profiles with keys or roles, web identity, containers. For single
sign-on: eval \"$(aws configure export-credentials --format env)\"

Exit codes:
  0  done, or nothing to do
  1  `plan --exit-code`: there are changes; `lint`: there are findings; `export`: a row could not be exported
  2  refused: files, arguments, or what they would do
  3  cannot tell: the table, or somebody else has changed it in the meantime";

/// Below `brevet mappings plan --help`.
pub(crate) const PLAN: &str = "\
Every row is read as the functions read it; if one cannot be, there is no plan. Each change is told with what it means
for who gets in: it widens, narrows, moves (another role for the same jobs) or changes nothing.

Rows without `managed_by`, and those of other tools, are left alone. Where the files have such a row too, and another
edition of it, that is refused: take it out of the files, or take it over with --adopt.

Examples:
  brevet mappings plan -f mappings/ --table brevet-role-mappings
  brevet mappings plan -f mappings/ --out plan.json --exit-code    # in a merge request
  brevet mappings plan -f mappings/payments.yaml --adopt           # rows made in the console, now as code";

/// Below `brevet mappings apply --help`.
pub(crate) const APPLY: &str = "\
Plans again, shows the plan and asks. With --plan it does what that plan says and nothing else: if files or table have
moved on since, it refuses.

Every write is conditional on the row being what it was when it was read, to the last attribute. A row that somebody
edits in between is left alone; everything stops there and tells what was done. Running it again does the rest.

Order: deny rows that close something; allow rows that narrow; allow rows that open; allow rows that go; deny rows that
open something; deny rows that go. So at no moment is a job let in that neither the old nor the new table lets in. A deny
row that opens to some and closes to others denies everything until its turn comes.

Each row is written with `version` (counted up), `managed_by`, `updated_by` and `change_ref`.

Examples:
  brevet mappings apply -f mappings/ --table brevet-role-mappings
  brevet mappings apply -f mappings/ --plan plan.json --yes        # on the protected branch
  brevet mappings apply -f mappings/ --allow-deletes 40            # after a clean-up";

/// Below `brevet mappings export --help`.
pub(crate) const EXPORT: &str = "\
The same table gives the same text, and a plan with that text finds nothing to do. What `apply` writes by itself
(`version`, `managed_by`, `updated_by`, `change_ref`) is left out; so are rows that another tool keeps, such as freezes.
Rows that cannot be read are written as comments, with what is wrong; the exit code is 1 then.

Examples:
  brevet mappings export --table brevet-role-mappings > mappings.yaml
  brevet mappings export --dir mappings/                           # a file for each scope";

/// Below `brevet mappings lint --help`.
pub(crate) const LINT: &str = "\
Looks at files, or without -f at the table. No finding changes what a row does.

Examples:
  brevet mappings lint -f mappings/
  brevet mappings lint --table brevet-role-mappings --fail-on warning
  brevet mappings lint -f mappings/ --format code-quality > gl-code-quality-report.json   # artifacts:reports:codequality
  brevet mappings lint -f mappings/ --format sarif > brevet.sarif";
