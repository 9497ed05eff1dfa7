"""What breaks first on the way to ten thousand requests a second, each limit by itself."""

from dataclasses import dataclass

from bench.cost.cell import BUDGET_SECONDS, HOT_READS, Service
from bench.cost.quotas import Quotas
from bench.cost.service import busy_seconds


@dataclass(frozen=True)
class Limit:
    what: str
    reached_at: float
    """Requests a second of one account and region, when this limit alone stands in the way."""
    symptom: str
    plan: str


def vending_limits(service: Service, quotas: Quotas) -> list[Limit]:
    """In the order in which a growing load of requests for credentials meets them."""
    limits = [_own_throttle(quotas), _sts(quotas), *_reading(service, quotas), *_common(service, quotas)]
    return sorted(limits, key=lambda limit: limit.reached_at)


def authorizing_limits(service: Service, quotas: Quotas) -> list[Limit]:
    """The same for requests that reach an authorizer: those that the gateway's cache does not answer."""
    limits = [*_reading(service, quotas), *_common(service, quotas)]
    return sorted(limits, key=lambda limit: limit.reached_at)


def _own_throttle(quotas: Quotas) -> Limit:
    return Limit(
        "the stage's own throttle, which keeps a runaway pipeline from using up STS",
        quotas.own_rate,
        "429 `throttled`, by the gateway",
        "`throttlingRateLimit` and `throttlingBurstLimit` of `CredentialsApi`: up to what STS gives, not above",
    )


def _sts(quotas: Quotas) -> Limit:
    return Limit(
        "STS, `AssumeRole`, shared with everything else in the account",
        quotas.sts_rate,
        "429 `throttled`, by the function after its second attempt",
        "ask less: one session a job (`brevet exec`) instead of one a command, and longer sessions; then more accounts "
        "or regions, since AWS raises no quota of STS",
    )


def _reading(service: Service, quotas: Quotas) -> list[Limit]:
    if service.reads == 0:
        return []
    return [
        Limit(
            f"DynamoDB, the whole table while it is new: {service.reads:.0f} read units a request",
            quotas.table_reads / service.reads,
            f"503 `mappings_unavailable` after {BUDGET_SECONDS} s, for which the environment is held: Lambda's limits "
            "come sooner. An authorizer: 500",
            "`WarmThroughput` before the day; by itself a table grows to twice its former peak",
        ),
        Limit(
            f"DynamoDB, one partition: every request reads {HOT_READS} keys of the issuer's scope, and as many "
            "of a group that all projects are in",
            quotas.partition_reads / HOT_READS,
            "the same, with a table far below its own limit",
            "a table for each vending account; `MAPPING_CACHE_SECONDS` where few projects ask often (a revoked row "
            "lives as long). In minutes DynamoDB may part the two keys by itself, which doubles the limit",
        ),
    ]


def _common(service: Service, quotas: Quotas) -> list[Limit]:
    busy = busy_seconds(service)
    return [
        Limit(
            f"Lambda, {quotas.rate_of_environment:.0f} requests a second for each concurrent execution of the quota",
            quotas.environments * quotas.rate_of_environment,
            "503 `throttled`, by the gateway. An authorizer: 500",
            "raise the quota of concurrent executions",
        ),
        Limit(
            f"Lambda, concurrent executions: {1_000 * busy:.0f} ms each when nothing waits",
            quotas.environments / busy,
            "the same",
            f"raise the quota; and let nothing wait: requests that take {BUDGET_SECONDS} s bring this limit down to "
            f"{quotas.environments / BUDGET_SECONDS:,.0f}",
        ),
        Limit(
            "API Gateway, all APIs of the account",
            quotas.gateway_rate,
            "429 `throttled`, by the gateway",
            "raise the quota, or more accounts",
        ),
    ]
