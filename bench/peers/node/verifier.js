// The verifier as the README of aws-jwt-verify has it for Lambda: made outside the handler, so that its keys are kept.
import { JwtVerifier } from 'aws-jwt-verify';

const verifier = JwtVerifier.create({
  issuer: process.env.ISSUER,
  audience: process.env.AUDIENCE,
  jwksUri: process.env.JWKS_URI,
  graceSeconds: 10,
});

/** The claims of a bearer token, or an exception of the library's. */
export function verify(authorization) {
  return verifier.verify((authorization ?? '').replace(/^Bearer /, ''));
}
