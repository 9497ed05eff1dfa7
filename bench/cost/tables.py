"""The tables of `bench/cost.md`."""

from collections.abc import Iterable

from bench.cost import assumptions, quotas
from bench.cost.limits import Limit
from bench.cost.model import APIS, ARCHITECTURES, MEMORY_SIZES, Deployment, billed_ms, fits, lambda_part
from bench.cost.report import HIT_RATIOS, MAPPED, VERIFIED, Report, Simulated

SIZES = [f"{size} MB" for size in MEMORY_SIZES]


def all_tables(report: Report) -> dict[str, str]:
    """By their names in the template."""
    return {
        "vending_items": _vending_items(report),
        "vending_sizes": _vending_sizes(report),
        "logged": _logged(report),
        "authorizing": _authorizing(report),
        "functions": _functions(report),
        "vending_limits": _limits(report.vending_limits),
        "authorizing_limits": _limits(report.authorizing_limits),
        "vending_burst": _burst(report.vending_burst),
        "authorizing_burst": _burst(report.authorizing_burst),
        "assumptions": _assumptions(),
        "quotas": _quotas(),
        "prices": _prices(report),
    }


def _vending_items(report: Report) -> str:
    costs = {
        (api, architecture): report.vending[(report.home, api, architecture, 512)]
        for api in APIS
        for architecture in ARCHITECTURES
    }
    items = list(next(iter(costs.values())).items)
    return _table(
        ["API", "processor", *items, "all"],
        [
            [api.upper(), architecture, *(_usd(cost.items[item]) for item in items), f"**{_usd(cost.total)}**"]
            for (api, architecture), cost in costs.items()
        ],
    )


def _vending_sizes(report: Report) -> str:
    def totals(*where: str) -> list[str]:
        return [_usd(cost.total) for key, cost in report.vending.items() if key[:3] == where]

    return _table(
        ["region", "API", "processor", *SIZES],
        [
            [region, api.upper(), architecture, *totals(region, api, architecture)]
            for region in report.price_lists
            for api in APIS
            for architecture in ARCHITECTURES
        ],
    )


def _logged(report: Report) -> str:
    rows = [[what, f"{logged.bytes:,}", str(logged.events)] for what, logged in report.logged.items()]
    return _table(["of what", "bytes", "lines"], rows)


def _authorizing(report: Report) -> str:
    return _table(
        ["routes are decided by", "processor", *(f"{ratio:.0%} cached" for ratio in HIT_RATIOS)],
        [
            [policy, architecture, *(_usd(report.authorizing[(policy, architecture, at)].total) for at in HIT_RATIOS)]
            for policy in (VERIFIED, MAPPED)
            for architecture in ARCHITECTURES
        ],
    )


def _functions(report: Report) -> str:
    rows = []
    for title, function in report.functions:
        row = [title]
        for size in MEMORY_SIZES:
            where = Deployment(report.price_lists[report.home], report.assumptions, memory_mb=size)
            usd, milliseconds = lambda_part(function, where).total, billed_ms(function, where)
            row.append(f"{_usd(usd)} ({milliseconds:.1f} ms)" if fits(function, size) else "-")
        rows.append(row)
    return _table(["function", *SIZES], rows)


def _limits(limits: Iterable[Limit]) -> str:
    rows = [[f"{limit.reached_at:,.0f}", limit.what, limit.symptom, limit.plan] for limit in limits]
    return _table(["at a second", "limit", "what callers see", "plan"], rows)


def _burst(simulated: Iterable[Simulated]) -> str:
    rows = [
        [
            entry.plan,
            f"{entry.capacity:,}",
            f"{entry.success:.1%}",
            _seconds(entry.wait_median),
            _seconds(entry.wait_99),
            entry.usual_refusal or "-",
        ]
        for entry in simulated
    ]
    return _table(["plan", "serves up to", "of the burst", "median wait", "99th percentile", "the usual refusal"], rows)


def _assumptions() -> str:
    rows = [[f"`{entry.name}`", f"{entry.value:g}", entry.why] for entry in assumptions.listed()]
    return _table(["name", "value", "why"], rows)


def _quotas() -> str:
    rows = [[f"{entry.value:,g}", entry.what, entry.checked, _link(entry.page)] for entry in quotas.listed()]
    return _table(["quota", "of what", "checked", "where"], rows)


def _prices(report: Report) -> str:
    lists = report.price_lists.values()
    return _table(
        ["price", *report.price_lists, "per", "page"],
        [
            [
                f"`{name}`",
                *(f"{each.prices[name].usd:g} ({each.prices[name].checked})" for each in lists),
                f"{price.per:,}",
                _link(price.page),
            ]
            for name, price in report.price_lists[report.home].prices.items()
        ],
    )


def _table(head: list[str], rows: Iterable[list[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _usd(usd: float) -> str:
    return f"{usd:.2f}"


def _seconds(seconds: float | None) -> str:
    return "-" if seconds is None else f"{seconds:.2f} s"


def _link(page: str) -> str:
    return f"[{page.split('/')[2]}]({page})" if page.startswith("https://") else f"[{page}](../{page})"
