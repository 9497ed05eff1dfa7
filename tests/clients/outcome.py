"""What came of a trial, in words that are the same in every run."""

import re
from dataclasses import dataclass

LONGEST = 300
# What differs from run to run, and what stands for it in the table.
_CHANGING = (
    (r"(127\.0\.0\.\d|localhost):\d+", r"\1:<port>"),
    (r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", "<id>"),
    (r"eyJ[\w-]+\.[\w-]+\.[\w-]+", "<the token>"),
)


@dataclass(frozen=True)
class Outcome:
    has_the_role: bool
    # How often the client asked Brevet.
    requests: int
    or_more: bool
    sees: str
    shows_the_token: bool


def steady(text: str) -> str:
    for pattern, stand_in in _CHANGING:
        text = re.sub(pattern, stand_in, text)
    text = " ".join(text.split())
    return text if len(text) <= LONGEST else text[:LONGEST].rstrip() + " ..."
