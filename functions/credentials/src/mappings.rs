use brevet_function_kit::{Budget, OutOfTime, Trail, unix_now};
use brevet_mapping_store::StoreUnavailable;
use brevet_policy::{Outcome, Reading, scopes_of, survey};
use serde_json::{Value, json};

use crate::app::App;
use crate::ask::no_query;
use crate::event::Request;
use crate::failure::Failure;
use crate::response::Response;

impl App {
    /// The names this job may ask for and, for each row in its scopes, what came of it. Shows the job's own claims and
    /// no pattern they were held against.
    pub(crate) async fn mappings(
        &self,
        request: &Request,
        budget: Budget,
        trail: &mut Trail,
    ) -> Result<Response, Failure> {
        let (_, verified) = self.authenticate(request, budget, trail).await?;
        request.require_authorizer()?;
        no_query(request)?;
        let (principal, now) = (verified.principal(), unix_now());
        let scopes = scopes_of(principal);
        let readings = budget.run(self.store.rows_in(&scopes));
        let readings = self.rows(trail.timed("MappingsLatency", readings).await)?;
        let surveyed = survey(principal, &readings, now);
        let granted = surveyed.iter().filter(|one| matches!(one.outcome, Outcome::Granted(_)));
        let names: Vec<String> = granted.map(|one| one.name.to_string()).collect();
        let mappings: Vec<Value> = surveyed
            .iter()
            .map(|one| match &one.outcome {
                Outcome::Granted(grant) => json!({"name": one.name, "granted": true, "rows": grant.trace()}),
                Outcome::Denied(denial) => json!({
                    "name": one.name, "granted": false, "code": denial.code(), "message": denial.message(), "rows": denial.trace(),
                }),
            })
            .collect();
        (trail.line.decision, trail.line.code) = ("answered", "listed");
        let body = json!({"names": names, "mappings": mappings, "request_id": trail.line.request_id});
        Ok(Response::ok("application/json", body.to_string()))
    }

    /// Rows as they came, with a line in the log for each that cannot be read.
    pub(crate) fn rows(
        &self,
        readings: Result<Result<Vec<Reading>, StoreUnavailable>, OutOfTime>,
    ) -> Result<Vec<Reading>, Failure> {
        let readings = readings.map_err(|_| Failure::from(StoreUnavailable::TimedOut))??;
        for invalid in readings.iter().filter_map(Reading::invalid) {
            self.telemetry.invalid_mapping(invalid);
        }
        Ok(readings)
    }
}
