// A Lambda authorizer for a REST API on aws-jwt-verify.
import { verify } from './verifier.js';

/** Lets the job through to every route of the API and stage. */
export async function handler(event) {
  let claims;
  try {
    claims = await verify(event.headers.Authorization);
  } catch {
    // API Gateway answers 401 to this text and no other.
    throw new Error('Unauthorized');
  }
  const [api, stage] = event.methodArn.split('/');
  const flat = Object.entries(claims).filter(([, value]) => typeof value !== 'object');
  return {
    principalId: claims.sub,
    policyDocument: {
      Version: '2012-10-17',
      Statement: [{ Action: 'execute-api:Invoke', Effect: 'Allow', Resource: [`${api}/${stage}/*`] }],
    },
    context: Object.fromEntries(flat.map(([name, value]) => [name, String(value)])),
  };
}
