"""`bench/cost.md`: the figures put into `page.template.md`."""

from pathlib import Path
from string import Template

from bench.cost import prices, tables
from bench.cost.model import Cost
from bench.cost.report import MAPPED, VERIFIED, Report

TEMPLATE = Path(__file__).with_name("page.template.md")


def page(report: Report) -> str:
    return Template(TEMPLATE.read_text()).substitute(_sentences(report) | tables.all_tables(report))


def _sentences(report: Report) -> dict[str, str]:
    usual = report.vending[(report.home, "rest", "x86_64", 512)]
    dearest = sorted(usual.items, key=lambda item: -usual.items[item])
    verified, mapped = (report.authorizing[(policy, "x86_64", 0.0)] for policy in (VERIFIED, MAPPED))
    burst = report.burst
    return {
        "home": report.home,
        "dearest": ", ".join(_with_share(item, usual) for item in dearest),
        "lambda_share": f"{usual.of_lambda / usual.total:.0%}",
        "metrics": str(report.metrics),
        "metric_month": f"{report.metric_month:.2f}",
        "rest": f"{report.gateway['rest']:.2f}",
        "http": f"{report.gateway['http']:.2f}",
        "verified_dearest": _with_share(verified.dearest, verified),
        "mapped_dearest": _with_share(mapped.dearest, mapped),
        "key_fetches": f"{report.quotas.new_environments_rate:.0f}",
        "gitlab_rate": f"{report.quotas.gitlab_rate:.0f}",
        "peak": f"{burst.peak:,.0f}",
        "rise": f"{burst.rise:.0f}",
        "hold": f"{burst.hold:.0f}",
        "projects": f"{burst.projects:,}",
        "scale": f"{burst.scale:.0f}",
        "as_of": prices.as_of(),
        "how_checked": "\n".join(f"- *{word}*: {meaning}" for word, meaning in prices.how_checked().items()),
    }


def _with_share(item: str, cost: Cost) -> str:
    return f"{item} ({cost.items[item] / cost.total:.0%})"
