"""Every code that a caller can get is caused over HTTP by a test of this folder."""

from pathlib import Path

import pytest

from local.site import ROOT

CODES = {
    400: ["bad_request", "role_required", "duration_out_of_range", "session_policy_invalid"],
    401: [
        *("token_missing", "token_malformed", "token_invalid", "audience_not_accepted", "token_expired"),
        *("token_not_yet_valid", "token_too_old", "not_a_job_token"),
    ],
    403: [
        *("no_mapping", "explicitly_denied", "conditions_not_met", "fork_pipeline", "path_changed"),
        *("token_already_used", "target_role_refused"),
    ],
    429: ["throttled"],
    500: ["misconfigured"],
    503: ["keys_unavailable", "mappings_unavailable", "sts_unavailable"],
}
HELP = (ROOT / "docs" / "pipelines.md").read_text()
TESTS = "\n".join(file.read_text() for file in Path(__file__).parent.glob("test_*.py") if file != Path(__file__))
FAULTS = "\n".join(file.read_text() for file in (ROOT / "tests" / "faults").glob("*.py"))


@pytest.mark.parametrize(("status", "code"), [(status, code) for status, codes in CODES.items() for code in codes])
def test_is_caused_over_http(status: int, code: str) -> None:
    assert f', {status}, "{code}")' in TESTS or f'Said({status}, "{code}")' in FAULTS


@pytest.mark.parametrize(("status", "code"), [(status, code) for status, codes in CODES.items() for code in codes])
def test_is_explained_where_help_points_to(status: int, code: str) -> None:
    _, _, entry = HELP.partition(f"\n### {code}\n\n")
    assert entry.startswith(str(status)), f"docs/pipelines.md needs `### {code}` with its status first"
