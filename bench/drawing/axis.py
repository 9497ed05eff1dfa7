"""From values to places, and the round numbers beside them."""

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class Axis:
    """`least` lies at `begin`, `most` at `end`."""

    least: float
    most: float
    begin: float
    end: float
    logarithmic: bool = False

    def at(self, value: float) -> float:
        least, most, value = (self._even(part) for part in (self.least, self.most, value))
        return self.begin + (self.end - self.begin) * (value - least) / (most - least)

    def ticks(self) -> list[float]:
        if self.logarithmic:
            powers = range(math.ceil(math.log10(self.least) - 1e-9), math.floor(math.log10(self.most) + 1e-9) + 1)
            return [10.0**power for power in powers]
        rough = (self.most - self.least) / 6
        unit = 10 ** math.floor(math.log10(rough))
        step = next(unit * factor for factor in (1, 2, 5, 10) if unit * factor >= rough * 0.999)
        first, last = math.ceil(self.least / step), math.floor(self.most / step + 1e-9)
        return [step * count for count in range(first, last + 1)]

    def _even(self, value: float) -> float:
        return math.log10(value) if self.logarithmic else value


def from_zero(values: list[float], begin: float, end: float) -> Axis:
    return Axis(0, max(values) * 1.02, begin, end)


def in_powers(values: list[float], begin: float, end: float) -> Axis:
    """Whole powers of ten around what there is. Zero has no place on such an axis."""
    positive = [value for value in values if value > 0]
    least, most = math.floor(math.log10(min(positive))), math.ceil(math.log10(max(positive)))
    return Axis(10.0**least, 10.0 ** max(most, least + 1), begin, end, logarithmic=True)


def number(value: float) -> str:
    """As people write it: three digits that say something."""
    if value == 0:
        return "0"
    digits = 2 - math.floor(math.log10(abs(value)))
    text = f"{round(value, digits):,.{max(0, min(6, digits))}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
