"""Lying bars, made of parts, with their sum at the end."""

from dataclasses import dataclass

from bench.drawing.axis import from_zero, number
from bench.drawing.svg import FAINT, INK, PALETTE, Svg

WIDTH, LABELS, MARGIN, ROW = 860.0, 250.0, 90.0, 30.0
HEAD, HEAD_WITHOUT_LEGEND = 84.0, 50.0


@dataclass(frozen=True)
class Bar:
    label: str
    parts: dict[str, float]

    @property
    def total(self) -> float:
        return sum(self.parts.values())


def bars(title: str, unit: str, rows: list[Bar]) -> Svg:
    """The parts have the same colours in every bar, and the legend is in their order."""
    parts = list(dict.fromkeys(part for row in rows for part in row.parts))
    said = "; ".join(f"{row.label}: {number(row.total)}" for row in rows)
    head = HEAD if len(parts) > 1 else HEAD_WITHOUT_LEGEND
    bottom = head + ROW * len(rows)
    svg = Svg(WIDTH, bottom + 40, title, f"{unit}. {said}.")
    axis = from_zero([row.total for row in rows], LABELS, WIDTH - MARGIN)
    svg.text(16, 26, title, size=16, bold=True)
    if len(parts) > 1:
        _legend(svg, parts)
    for tick in axis.ticks():
        svg.line([(axis.at(tick), head - 6), (axis.at(tick), bottom)], FAINT)
        svg.text(axis.at(tick), bottom + 16, number(tick), "middle", 12)
    svg.text(LABELS, bottom + 34, unit, size=12)
    for index, row in enumerate(rows):
        top, sum_so_far = head + ROW * index, 0.0
        svg.text(LABELS - 10, top + 18, row.label, "end")
        for part, value in row.parts.items():
            begin, end = axis.at(sum_so_far), axis.at(sum_so_far + value)
            svg.box(begin, top + 5, end - begin, ROW - 12, PALETTE[parts.index(part) % len(PALETTE)])
            sum_so_far += value
        svg.text(axis.at(row.total) + 6, top + 18, number(row.total), bold=True)
    svg.line([(LABELS, head - 6), (LABELS, bottom)], INK)
    return svg


def _legend(svg: Svg, parts: list[str]) -> None:
    x = 16.0
    for index, part in enumerate(parts):
        svg.box(x, 42, 12, 12, PALETTE[index % len(PALETTE)])
        svg.text(x + 17, 53, part, size=12)
        x += 17 + 7 * len(part) + 20
