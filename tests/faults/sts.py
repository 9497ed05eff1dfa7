"""STS's faults: of `AssumeRole`, of `AssumeRoleWithWebIdentity`, and of both."""

import re

from tests.faults.aws import INTERNAL, sts_error
from tests.faults.behaviours import BREAKS, SLOW, answers, changed, garbage, hangs, once, resets, truncated
from tests.faults.fault import GRANTED, Fault, Said
from tests.faults.server import Behaviour

THROTTLED = Said(429, "throttled")
UNAVAILABLE = Said(503, "sts_unavailable")
MISCONFIGURED = Said(500, "misconfigured")
REFUSED = Said(403, "target_role_refused")
_XML = "text/xml"
_TOO_LARGE = sts_error("PackedPolicyTooLarge", "Packed policy consumes 117% of allotted space")
_REGION_DISABLED = "RegionDisabledException: the role's account has to activate STS in the region of this function"


def _not_authorized(action: str) -> Behaviour:
    return sts_error("AccessDenied", f"User: {INTERNAL} is not authorized to perform: {action} on resource: x", 403)


def _ended(body: bytes) -> bytes:
    return re.sub(rb"(<Expiration>)[^<]*", rb"\g<1>2026-01-01T00:00:00Z", body)


# What both ways to a session have in common.
EITHER = (
    Fault(
        "sts-hiccup",
        "one request fails, and the next does not",
        {
            "Throttling": once(sts_error("Throttling")),
            "InternalFailure": once(sts_error("InternalFailure", status=500)),
            "resets": once(resets),
            "says nothing": once(hangs),
        },
        GRANTED,
    ),
    Fault(
        "sts-throttled",
        "STS is asked too much",
        {
            code: sts_error(code)
            for code in (
                "Throttling",
                "ThrottlingException",
                "ThrottledException",
                "RequestLimitExceeded",
                "TooManyRequestsException",
            )
        },
        THROTTLED,
    ),
    Fault("sts-slow", "STS does not answer in time", SLOW, UNAVAILABLE, logged="timed out"),
    Fault("sts-broken", "connections break", BREAKS, UNAVAILABLE, None, "no connection"),
    Fault(
        "sts-truncated",
        "the answer ends in the middle",
        {"stops in the middle": truncated},
        UNAVAILABLE,
        None,
        "unreadable answer",
    ),
    Fault(
        "sts-down",
        "STS is down",
        {
            code: sts_error(code, status=status)
            for code, status in (("InternalFailure", 500), ("ServiceUnavailable", 503))
        },
        UNAVAILABLE,
        None,
        "STS: {}",
    ),
    Fault(
        "sts-garbage",
        "the answer is not STS's",
        {
            "a page": garbage(),
            "XML of another kind": answers(200, b"<ok/>", _XML),
            "XML that breaks off": answers(200, b"<AssumeRoleResponse><AssumeRole", _XML),
            "JSON": answers(200, b'{"Credentials": null}'),
        },
        UNAVAILABLE,
        None,
        "unreadable answer",
    ),
    Fault(
        "sts-session-ended",
        "the session in the answer has ended already",
        {"of this January": changed(_ended)},
        UNAVAILABLE,
        None,
        "STS answered with a session that has ended",
    ),
    Fault(
        "sts-region-disabled",
        "the role's account has not activated STS in the region",
        {"RegionDisabledException": sts_error("RegionDisabledException", status=403)},
        MISCONFIGURED,
        None,
        f"STS: {_REGION_DISABLED}",
    ),
)

ASSUME_ROLE = (
    Fault(
        "sts-own-credentials",
        "the function's own credentials, or its clock, are no good",
        {
            code: sts_error(code, status=403)
            for code in (
                "ExpiredToken",
                "InvalidClientTokenId",
                "UnrecognizedClientException",
                "SignatureDoesNotMatch",
                "RequestExpired",
                "RequestTimeTooSkewed",
            )
        },
        UNAVAILABLE,
        None,
        "STS: {}",
    ),
    Fault(
        "sts-refused",
        "the role does not trust Brevet for this job",
        {action: _not_authorized(action) for action in ("sts:AssumeRole", "sts:TagSession")},
        REFUSED,
        None,
        f"STS: AccessDenied: User: {INTERNAL} is not authorized to perform: {{}} on resource: x",
    ),
    Fault(
        "sts-packed-once",
        "policies and tags are too large together, and not without the tags that are for auditors alone",
        {"PackedPolicyTooLarge": once(_TOO_LARGE)},
        GRANTED,
    ),
    Fault(
        "sts-packed",
        "they are too large without those tags as well",
        {"PackedPolicyTooLarge": _TOO_LARGE},
        MISCONFIGURED,
        None,
        "the mapping's own session policy or tags: "
        "session policy and tags are too large together for STS; send a shorter policy",
    ),
)

WEB_IDENTITY = (
    Fault(
        "sts-token-expired",
        "the job's token ends on its way to STS",
        {"ExpiredTokenException": sts_error("ExpiredTokenException")},
        Said(401, "token_expired"),
    ),
    Fault(
        "sts-token-refused",
        "the target account does not believe the token",
        {code: sts_error(code) for code in ("InvalidIdentityToken", "IDPRejectedClaim")},
        REFUSED,
        None,
        "STS: {}",
    ),
    Fault(
        "sts-gitlab-unreachable",
        "STS cannot reach GitLab",
        {"IDPCommunicationError": sts_error("IDPCommunicationError")},
        UNAVAILABLE,
        None,
        "STS: {}",
    ),
)
