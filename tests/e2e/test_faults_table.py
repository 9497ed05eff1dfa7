"""docs/faults.md says what the tests check, and the tests check all of it."""

from pathlib import Path

from tests.faults.function import BY_NAME
from tests.faults.table import FILE, every_name, render


def test_the_page_is_made_of_the_rows_that_are_tested() -> None:
    assert FILE.read_text() == render(), "run `.venv/bin/python -m tests.faults.table`"


def test_a_name_is_one_row() -> None:
    names = every_name()
    assert sorted(set(names)) == sorted(names)


def test_rows_that_are_looked_up_by_name_are_looked_up() -> None:
    tests = Path(__file__).with_name("test_faults_function.py").read_text()
    assert [name for name in BY_NAME if f'"{name}"' not in tests] == []
