"""Values with their spread on an axis of powers of ten, where bars would lie: they have no zero to stand on."""

from dataclasses import dataclass

from bench.drawing.axis import in_powers, number
from bench.drawing.svg import FAINT, PALETTE, Svg

WIDTH, LABELS, MARGIN, ROW, HEAD = 860.0, 250.0, 90.0, 42.0, 84.0


@dataclass(frozen=True)
class Value:
    median: float
    least: float
    most: float


@dataclass(frozen=True)
class Row:
    label: str
    values: dict[str, Value]


def dots(title: str, unit: str, rows: list[Row]) -> Svg:
    """One colour a series; the line through a dot goes from the smallest round to the largest."""
    series = list(dict.fromkeys(name for row in rows for name in row.values))
    said = "; ".join(f"{row.label}: {_medians(row)}" for row in rows)
    svg = Svg(WIDTH, HEAD + ROW * len(rows) + 40, title, f"{unit}. {said}.")
    values = [bound for row in rows for value in row.values.values() for bound in (value.least, value.most)]
    axis = in_powers(values, LABELS + 10, WIDTH - MARGIN)
    bottom = HEAD + ROW * len(rows)
    svg.text(16, 26, title, size=16, bold=True)
    x = 16.0
    for index, name in enumerate(series):
        svg.dot(x + 6, 48, PALETTE[index])
        svg.text(x + 17, 53, name, size=12)
        x += 17 + 7 * len(name) + 20
    for tick in axis.ticks():
        svg.line([(axis.at(tick), HEAD - 6), (axis.at(tick), bottom)], FAINT)
        svg.text(axis.at(tick), bottom + 16, number(tick), "middle", 12)
    svg.text(LABELS + 10, bottom + 34, f"{unit}, each line ten times the one before", size=12)
    for index, row in enumerate(rows):
        top = HEAD + ROW * index
        svg.text(LABELS - 10, top + ROW / 2 + 4, row.label, "end")
        step = ROW / (len(row.values) + 1)
        for place, (name, value) in enumerate(row.values.items(), start=1):
            colour, y = PALETTE[series.index(name)], top + step * place
            svg.line([(axis.at(value.least), y), (axis.at(value.most), y)], colour, 2)
            svg.dot(axis.at(value.median), y, colour)
            svg.text(max(axis.at(value.most), axis.at(value.median) + 3) + 8, y + 4, number(value.median), size=12)
    return svg


def _medians(row: Row) -> str:
    return ", ".join(f"{name} {number(value.median)}" for name, value in row.values.items())
