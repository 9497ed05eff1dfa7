"""AWS's list prices, as data: on demand, first tier, without the free tier."""

import json
from dataclasses import dataclass
from pathlib import Path

FILE = Path(__file__).with_name("prices.json")


@dataclass(frozen=True)
class Price:
    name: str
    usd: float
    per: int
    """So many units cost `usd`."""
    checked: str
    """`page`, `quoted` or `recalled`: how far the figure can be trusted."""
    page: str

    def of(self, units: float) -> float:
        return self.usd * units / self.per


@dataclass(frozen=True)
class PriceList:
    region: str
    prices: dict[str, Price]

    def cost(self, name: str, units: float) -> float:
        return self.prices[name].of(units)


def price_lists() -> dict[str, PriceList]:
    """By region."""
    regions = json.loads(FILE.read_text())["regions"]
    return {
        region: PriceList(region, {name: Price(name=name, **price) for name, price in prices.items()})
        for region, prices in regions.items()
    }


def as_of() -> str:
    return str(json.loads(FILE.read_text())["as_of"])


def how_checked() -> dict[str, str]:
    return dict(json.loads(FILE.read_text())["how_checked"])
