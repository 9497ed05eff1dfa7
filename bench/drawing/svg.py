"""A picture that is written as it is drawn."""

from html import escape
from pathlib import Path
from typing import Literal

# Okabe and Ito's palette, without its yellow, which is too light on white.
PALETTE = ("#0072b2", "#e69f00", "#009e73", "#d55e00", "#cc79a7", "#56b4e9", "#6b6b6b")
INK, FAINT, PAPER = "#222222", "#d9d9d9", "#ffffff"

Anchor = Literal["start", "middle", "end"]


class Svg:
    """White behind everything, so that it can be read on a dark page as well."""

    def __init__(self, width: float, height: float, title: str, description: str) -> None:
        self.width, self.height = width, height
        self._parts = [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_n(width)} {_n(height)}" width="{_n(width)}" '
            f'height="{_n(height)}" role="img" font-family="system-ui, sans-serif" font-size="13">',
            f"<title>{escape(title)}</title>",
            f"<desc>{escape(description)}</desc>",
        ]
        self.box(0, 0, width, height, PAPER)

    def box(self, x: float, y: float, width: float, height: float, colour: str) -> None:
        self._parts.append(f'<rect x="{_n(x)}" y="{_n(y)}" width="{_n(width)}" height="{_n(height)}" fill="{colour}"/>')

    def line(self, points: list[tuple[float, float]], colour: str, width: float = 1, dashes: str = "") -> None:
        path = " ".join(f"{_n(x)},{_n(y)}" for x, y in points)
        dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
        self._parts.append(
            f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="{_n(width)}"{dashed}/>'
        )

    def dot(self, x: float, y: float, colour: str, radius: float = 4.5) -> None:
        self._parts.append(f'<circle cx="{_n(x)}" cy="{_n(y)}" r="{_n(radius)}" fill="{colour}"/>')

    def text(
        self, x: float, y: float, text: str, anchor: Anchor = "start", size: float = 13, bold: bool = False
    ) -> None:
        weight = ' font-weight="600"' if bold else ""
        self._parts.append(
            f'<text x="{_n(x)}" y="{_n(y)}" text-anchor="{anchor}" font-size="{_n(size)}" fill="{INK}"{weight}>'
            f"{escape(text)}</text>"
        )

    def write(self, path: Path) -> Path:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n".join([*self._parts, "</svg>"]) + "\n")
        return path


def _n(value: float) -> str:
    """Short, and the same on every machine."""
    return f"{value:.1f}".rstrip("0").rstrip(".")
