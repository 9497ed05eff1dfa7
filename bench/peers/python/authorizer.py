"""A Lambda authorizer for a REST API on PyJWT, as its documentation would have one write it.

Everything that can be kept is kept: the client is made once, and it keeps the key set and the parsed keys.
"""

import os

import jwt

ISSUER = os.environ["ISSUER"]
AUDIENCE = os.environ["AUDIENCE"]
keys = jwt.PyJWKClient(os.environ["JWKS_URI"], cache_keys=True)


def verify(authorization: str | None) -> dict:
    """The claims of a bearer token, or an exception of PyJWT's."""
    token = (authorization or "").removeprefix("Bearer ")
    key = keys.get_signing_key_from_jwt(token)
    required = ["exp", "iat", "nbf", "jti", "sub"]
    return jwt.decode(
        token, key, algorithms=["RS256"], issuer=ISSUER, audience=AUDIENCE, leeway=10, options={"require": required}
    )


def handler(event: dict, _context: object) -> dict:
    """Lets the job through to every route of the API and stage."""
    try:
        claims = verify(event["headers"].get("Authorization"))
    except jwt.InvalidTokenError as error:
        # API Gateway answers 401 to this text and no other.
        raise Exception("Unauthorized") from error
    api, stage, _ = event["methodArn"].split("/", 2)
    statement = {"Action": "execute-api:Invoke", "Effect": "Allow", "Resource": [f"{api}/{stage}/*"]}
    return {
        "principalId": claims["sub"],
        "policyDocument": {"Version": "2012-10-17", "Statement": [statement]},
        "context": {name: str(value) for name, value in claims.items() if isinstance(value, (str, int))},
    }
