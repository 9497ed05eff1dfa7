"""Faults of a function itself: its settings, its process, its memory, its clock."""

from tests.faults.fault import CANNOT_TELL, GRANTED, Fault, Said

# API Gateway's own answer for a function that gave none.
_NO_ANSWER = Said(502)
_NEXT_PROCESS = "the next request starts the function anew"

ROWS = (
    Fault(
        "function-settings",
        "a setting is wrong when the function starts",
        {},
        _NO_ANSWER,
        CANNOT_TELL,
        "each wrong setting by its name, never by its value",
        lasts="until it is put right",
    ),
    Fault(
        "function-killed",
        "the process is killed in the middle of a request",
        {},
        _NO_ANSWER,
        CANNOT_TELL,
        "Lambda's own line",
        lasts=_NEXT_PROCESS,
    ),
    Fault(
        "function-memory",
        "a request needs more memory than there is",
        {},
        _NO_ANSWER,
        CANNOT_TELL,
        "the runtime's and Lambda's own lines",
        lasts=_NEXT_PROCESS,
    ),
    Fault(
        "clock-within-leeway",
        "the function's clock and GitLab's differ by 8 s, either way",
        {},
        GRANTED,
        GRANTED,
    ),
    Fault(
        "clock-behind",
        "the function's clock is a minute behind GitLab's",
        {},
        Said(401, "token_not_yet_valid"),
        Said(401),
        lasts="until both agree",
    ),
    Fault(
        "clock-ahead",
        "it is ahead by more than the token lives",
        {},
        Said(401, "token_expired"),
        Said(401),
        lasts="until both agree",
    ),
    Fault(
        "clock-of-aws",
        "it is 20 min ahead of AWS's, or behind: more than AWS lets a signature be",
        {},
        GRANTED,
        GRANTED,
        lasts="the SDK takes AWS's time from the refusal and signs again; a session that such a clock calls ended is "
        "not given out (503 `sts_unavailable`)",
    ),
    Fault(
        "clock-set-right",
        "such a clock is set right while the function runs",
        {},
        Said(500, "misconfigured"),
        CANNOT_TELL,
        "access to the table was denied",
        lasts="one request to each service, and another if it was STS's that came second (503 `sts_unavailable`)",
    ),
    Fault(
        "clock-set-back-hours",
        "a clock that was hours ahead when the keys were fetched is set right, and GitLab has rotated since",
        {},
        GRANTED,
        GRANTED,
        lasts="keys are fetched again at once",
    ),
    Fault(
        "keys-a-day-old",
        "GitLab has not been there for a day",
        {},
        Said(503, "keys_unavailable"),
        CANNOT_TELL,
        "lines `key_fetch_failed`",
        lasts="until GitLab is back, and at most 30 s longer",
    ),
)
BY_NAME = {fault.name: fault for fault in ROWS}
