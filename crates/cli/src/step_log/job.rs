//! Whose log it is.

use serde::Serialize;

/// The ids of a GitLab job, as Brevet verified them. They come from the session name that it gave the session, and never
/// from `CI_*` variables, which a job can set as it likes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct JobIds {
    project_id: String,
    pipeline_id: String,
    job_id: String,
}

impl JobIds {
    /// Reads `gl-<project>-<pipeline>-<job>`.
    pub(crate) fn of_session(name: &str) -> Option<Self> {
        let mut ids = name.strip_prefix("gl-")?.split('-').map(str::to_owned);
        let (project_id, pipeline_id, job_id) = (ids.next()?, ids.next()?, ids.next()?);
        let is_id = |id: &String| !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_digit());
        let fits = ids.next().is_none() && [&project_id, &pipeline_id, &job_id].into_iter().all(is_id);
        fits.then_some(Self { project_id, pipeline_id, job_id })
    }

    /// The job's log stream, in which all its steps are. A role can be held to its own by its session tags.
    pub(crate) fn stream(&self) -> String {
        format!("{}/{}/{}", self.project_id, self.pipeline_id, self.job_id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_session_name_of_a_job_names_a_stream() {
        let refused =
            ["", "gl-1-2", "gl-1-2-3-4", "gl-1--3", "gl-1-2-x", "xx-1-2-3", "gl-1-2-3/4", "gl-+1-2-3", "somebody"];
        for name in refused {
            assert_eq!(JobIds::of_session(name), None, "{name}");
        }
        let job = JobIds::of_session("gl-4711-990231-5550142").unwrap();
        assert_eq!(job.stream(), "4711/990231/5550142");
    }
}
