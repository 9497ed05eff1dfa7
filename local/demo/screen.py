"""How the story is shown: as prose for people, or as one JSON object per step."""

import json
import os
import sys
import textwrap
from dataclasses import dataclass, field
from typing import Any, Protocol


@dataclass
class StepRecord:
    """One step: what was asked and what came back, in order."""

    title: str
    seconds: float = 0.0
    failure: str | None = None
    exchanges: list[dict[str, Any]] = field(default_factory=list)


class Screen(Protocol):
    def say(self, sentence: str) -> None: ...
    def begin(self, number: int, title: str) -> None: ...
    def exchange(self, who: str, asked: str, answered: str) -> None: ...
    def end(self, record: StepRecord) -> None: ...
    def summary(self, records: list[StepRecord], seconds: float) -> None: ...


class Prose:
    """For people. Colours on a terminal only, and not where NO_COLOR says so."""

    def __init__(self) -> None:
        self._coloured = sys.stdout.isatty() and "NO_COLOR" not in os.environ

    def say(self, sentence: str) -> None:
        print(f"   {sentence}", flush=True)

    def begin(self, number: int, title: str) -> None:
        print(f"\n{self._paint('1;36', f'{number}. {title}')}", flush=True)

    def exchange(self, who: str, asked: str, answered: str) -> None:
        print(f"   {who} {self._paint('33', '$ ' + asked)}")
        print(textwrap.indent(answered.rstrip(), "     "), flush=True)

    def end(self, record: StepRecord) -> None:
        if record.failure:
            print(self._paint("1;31", f"   NOT AS TOLD: {record.failure}"), flush=True)
        else:
            print(self._paint("32", f"   as told ({record.seconds:.1f} s)"), flush=True)

    def summary(self, records: list[StepRecord], seconds: float) -> None:
        width = max(len(record.title) for record in records)
        print(f"\n{'what ran':{width}}  seconds")
        for record in records:
            print(f"{record.title:{width}}  {record.seconds:7.1f}{'  FAILED' if record.failure else ''}")
        print(f"{'all':{width}}  {seconds:7.1f}", flush=True)

    def _paint(self, code: str, text: str) -> str:
        return f"\033[{code}m{text}\033[0m" if self._coloured else text


class JsonLines:
    """For machines: one object per step, then one for the whole."""

    def say(self, sentence: str) -> None:
        print(sentence, file=sys.stderr, flush=True)

    def begin(self, number: int, title: str) -> None:
        pass

    def exchange(self, who: str, asked: str, answered: str) -> None:
        pass

    def end(self, record: StepRecord) -> None:
        self._print(
            step=record.title,
            ok=record.failure is None,
            failure=record.failure,
            seconds=round(record.seconds, 2),
            exchanges=record.exchanges,
        )

    def summary(self, records: list[StepRecord], seconds: float) -> None:
        failed = [record.title for record in records if record.failure]
        self._print(ok=not failed, steps=len(records), failed=failed, seconds=round(seconds, 2))

    def _print(self, **members: Any) -> None:
        print(json.dumps(members), flush=True)
