"""Pictures of the results: every figure is in them, at its place, in words as well, and they are the same each time."""

import json
import subprocess
import sys
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import pytest

from bench.drawing.axis import Axis, from_zero, in_powers, number
from bench.drawing.bars import Bar, bars
from bench.drawing.curves import Curve, curves
from bench.drawing.dots import Row, Value, dots
from bench.drawing.results import draw_results
from bench.drawing.svg import Svg
from local.site import ROOT
from made_up_results import AUTHORIZERS, made_up_results

SVG = "{http://www.w3.org/2000/svg}"


def _drawn(picture: Svg, folder: Path) -> ElementTree.Element:
    return ElementTree.parse(picture.write(folder / "picture.svg")).getroot()


def _texts(picture: ElementTree.Element) -> list[str]:
    return [text.text or "" for text in picture.iter(f"{SVG}text")]


def test_says_what_to_run_when_nothing_was_measured(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "bench.drawing", "--results", tmp_path / "results.json"]
    finished = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert (finished.returncode, finished.stdout) == (1, "")
    assert "make bench" in finished.stderr


def test_draws_every_function_of_every_section_the_same_each_time(tmp_path: Path) -> None:
    results = made_up_results(tmp_path)
    command = [sys.executable, "-m", "bench.drawing", "--results", results]
    once = [subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout for _ in range(2)]
    assert once[0] == once[1]
    folder = tmp_path / "pictures"
    kinds = ("start", "tokens", "memory")
    assert {path.name for path in folder.iterdir()} == {
        f"{section}-{kind}.svg" for section in ("authorizer", "credentials") for kind in kinds
    }
    figures = {
        function["title"]: function["figures"]
        for function in json.loads(results.read_text())["authorizer"]["functions"]
    }
    memory = _texts(ElementTree.parse(folder / "authorizer-memory.svg").getroot())
    for name in AUTHORIZERS:
        title = f"the function {name}"
        assert title in memory
        assert number(figures[title]["memory_peak_mb"]["median"]) in memory


def test_the_committed_pictures_and_costs_show_the_committed_results(tmp_path: Path) -> None:
    committed = ROOT / "bench"
    (tmp_path / "results.json").write_text((committed / "results.json").read_text())
    for program in ("bench.drawing", "bench.cost"):
        subprocess.run([sys.executable, "-m", program, "--results", tmp_path / "results.json"], cwd=ROOT, check=True)
    drawn = [path.relative_to(tmp_path) for path in tmp_path.glob("pictures/*.svg")]
    assert set(drawn) == {path.relative_to(committed) for path in committed.glob("pictures/*.svg")}
    assert [path for path in (*drawn, Path("cost.md")) if _differs(tmp_path / path, committed / path)] == []


def _differs(one: Path, other: Path) -> bool:
    return one.read_bytes() != other.read_bytes()


def test_a_section_that_was_not_measured_has_no_picture(tmp_path: Path) -> None:
    results = made_up_results(tmp_path)
    results.write_text(json.dumps({"credentials": json.loads(results.read_text())["credentials"]}))
    subprocess.run([sys.executable, "-m", "bench.drawing", "--results", results], cwd=ROOT, check=True)
    assert all(path.name.startswith("credentials") for path in (tmp_path / "pictures").iterdir())


def test_draws_the_curves_that_a_section_brings(tmp_path: Path) -> None:
    curve = {"name": "by name", "points": [[1, 20], [10, 30], [10_000, 4_000]]}
    chart = {"name": "rows", "title": "Rows", "across": "rows in scope", "upward": "microseconds", "curves": [curve]}
    [path] = draw_results({"growth": {"charts": [chart]}}, tmp_path)
    assert path.name == "growth-rows.svg"
    picture = ElementTree.parse(path).getroot()
    assert {"Rows", "rows in scope", "microseconds", "by name (4,000)"} <= set(_texts(picture))
    assert len(list(picture.iter(f"{SVG}circle"))) == 3


def test_bars_are_as_long_as_their_figures_and_their_sums_stand_beside_them(tmp_path: Path) -> None:
    picture = _drawn(bars("t", "u", [Bar("a", {"x": 10, "y": 30}), Bar("b", {"x": 20})]), tmp_path)
    widths = [float(box.get("width", 0)) for box in picture.iter(f"{SVG}rect") if box.get("height") == "18"]
    assert widths[1] == pytest.approx(3 * widths[0], abs=0.2)
    assert widths[2] == pytest.approx(2 * widths[0], abs=0.2)
    texts = _texts(picture)
    assert {"a", "b", "x", "y", "40", "20"} <= set(texts)
    assert "a: 40; b: 20" in (picture.findtext(f"{SVG}desc") or "")


def test_dots_are_ordered_as_their_figures_and_carry_their_spread(tmp_path: Path) -> None:
    rows = [Row("slow", {"x": Value(500, 400, 900)}), Row("quick", {"x": Value(50, 45, 60)})]
    picture = _drawn(dots("t", "u", rows), tmp_path)
    slow, quick = [float(dot.get("cx", 0)) for dot in picture.iter(f"{SVG}circle")][1:]
    assert slow > quick
    assert {"500", "50"} <= set(_texts(picture))
    assert "slow: x 500; quick: x 50" in (picture.findtext(f"{SVG}desc") or "")


def test_names_of_curves_never_lie_on_each_other(tmp_path: Path) -> None:
    drawn = [Curve(f"curve {index}", [(1, 10), (100, 10 + index / 10)]) for index in range(4)]
    picture = _drawn(curves("t", "rows", "ms", drawn), tmp_path)
    places = sorted(float(text.get("y", 0)) for text in picture.iter(f"{SVG}text") if "curve" in (text.text or ""))
    assert len(places) == 4
    assert all(below - above >= 14 for above, below in pairwise(places))


def test_names_of_curves_stand_inside_the_picture(tmp_path: Path) -> None:
    name = "a function with a rather long name"
    picture = _drawn(curves("t", "ms", "ms", [Curve(name, [(1, 10), (100, 1_290)])]), tmp_path)
    [place] = [float(text.get("x", 0)) for text in picture.iter(f"{SVG}text") if (text.text or "").startswith(name)]
    assert place + 6.9 * len(f"{name} (1,290)") <= float(picture.get("width", 0))


def test_words_of_a_title_cannot_break_the_picture(tmp_path: Path) -> None:
    picture = _drawn(bars("<script> & co", "u", [Bar("</svg>", {"x": 1})]), tmp_path)
    assert picture.findtext(f"{SVG}title") == "<script> & co"
    assert "</svg>" in _texts(picture)


def test_axes_put_values_and_round_numbers_at_their_places() -> None:
    even = from_zero([100], 0, 102)
    assert [even.at(0), even.at(50), even.at(100)] == pytest.approx([0, 50, 100])
    assert even.ticks() == [0, 20, 40, 60, 80, 100]
    powers = in_powers([3, 0, 4_000], 0, 400)
    assert [powers.at(1), powers.at(100), powers.at(10_000)] == pytest.approx([0, 200, 400])
    assert powers.ticks() == [1, 10, 100, 1_000, 10_000]
    assert Axis(0, 10, 50, 0).at(10) == 0


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (0.01234, "0.0123"),
        (1.5, "1.5"),
        (57.26, "57.3"),
        (1_234.5, "1,230"),
        (100, "100"),
        (120_400, "120,000"),
    ],
)
def test_numbers_have_three_digits_that_say_something(value: float, text: str) -> None:
    assert number(value) == text
