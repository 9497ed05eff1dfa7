"""How something grows: lines between measured points, on two axes of powers of ten."""

from dataclasses import dataclass

from bench.drawing.axis import in_powers, number
from bench.drawing.svg import FAINT, INK, PALETTE, Svg

WIDTH, HEIGHT, LEFT, TOP, BOTTOM = 860.0, 420.0, 90.0, 60.0, 60.0
# A letter of the names at the lines' ends takes as much; at least this much is left for them.
LETTER, RIGHT = 7.0, 250.0


@dataclass(frozen=True)
class Curve:
    name: str
    points: list[tuple[float, float]]


def curves(title: str, across: str, upward: str, drawn: list[Curve]) -> Svg:
    """Each line is named at its end, so that no legend is needed."""
    said = "; ".join(
        f"{curve.name}: {', '.join(f'{number(y)} at {number(x)}' for x, y in curve.points)}" for curve in drawn
    )
    right = max(RIGHT, 20 + LETTER * max(len(_name(curve)) for curve in drawn))
    svg = Svg(WIDTH, HEIGHT, title, f"{upward} by {across}. {said}.")
    xs = in_powers([x for curve in drawn for x, _ in curve.points], LEFT, WIDTH - right)
    ys = in_powers([y for curve in drawn for _, y in curve.points], HEIGHT - BOTTOM, TOP)
    svg.text(16, 26, title, size=16, bold=True)
    svg.text(16, TOP - 12, upward, size=12)
    for tick in xs.ticks():
        svg.line([(xs.at(tick), ys.begin), (xs.at(tick), ys.end)], FAINT)
        svg.text(xs.at(tick), ys.begin + 18, number(tick), "middle", 12)
    for tick in ys.ticks():
        svg.line([(xs.begin, ys.at(tick)), (xs.end, ys.at(tick))], FAINT)
        svg.text(xs.begin - 8, ys.at(tick) + 4, number(tick), "end", 12)
    svg.line([(xs.begin, ys.end), (xs.begin, ys.begin), (xs.end, ys.begin)], INK)
    svg.text((xs.begin + xs.end) / 2, HEIGHT - 16, across, "middle", 12)
    lowest = ys.begin
    for index, curve in sorted(enumerate(drawn), key=lambda entry: entry[1].points[-1][1]):
        colour = PALETTE[index % len(PALETTE)]
        places = [(xs.at(x), ys.at(y)) for x, y in curve.points if x > 0 and y > 0]
        svg.line(places, colour, 2)
        for x, y in places:
            svg.dot(x, y, colour, 3.5)
        # Names of lines that end at the same height stand above each other.
        lowest = min(places[-1][1] + 4, lowest - 16)
        svg.text(places[-1][0] + 10, lowest, _name(curve), size=12)
    return svg


def _name(curve: Curve) -> str:
    return f"{curve.name} ({number(curve.points[-1][1])})"
