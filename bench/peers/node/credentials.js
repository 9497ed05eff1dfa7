// The job of the credentials function on aws-jwt-verify and the AWS SDK for JavaScript, written straight down.
//
// Verify the token, read the rows that could matter in one strongly consistent request, let a deny row win and else the most
// specific allow row, and open the session with the same tags. No audit line, no reasons, no time budget.
import { matchesGlob } from './glob.js';
import { BatchGetItemCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { verify } from './verifier.js';

const TABLE = process.env.ROLE_MAPPING_TABLE;
const TAGS = [
  'project_id',
  'namespace_id',
  'ref_protected',
  'environment_protected',
  'pipeline_source',
  'user_id',
  'job_id',
];
const dynamodb = new DynamoDBClient();
const sts = new STSClient();

/** Where rows for this job may be, the most specific first. */
function scopesOf(claims) {
  const host = claims.iss.replace('https://', '');
  const parents = claims.project_path.split('/').slice(0, -1);
  const groups = parents.map((_, index) => parents.slice(0, parents.length - index).join('/'));
  const own = [`${host}/project/${claims.project_id}`, `${host}/namespace/${claims.namespace_id}`];
  return [...own, ...groups.map((group) => `${host}/group/${group}`), host];
}

/** The rows of the name, and those of every name, in any of the scopes. */
async function rowsFor(scopes, name) {
  const Keys = scopes.flatMap((scope) => [name, '*'].map((key) => marshall({ scope, name: key })));
  const RequestItems = { [TABLE]: { Keys, ConsistentRead: true } };
  const answer = await dynamodb.send(new BatchGetItemCommand({ RequestItems }));
  if (Object.keys(answer.UnprocessedKeys ?? {}).length > 0) throw new Error('DynamoDB did not read every key');
  return (answer.Responses?.[TABLE] ?? []).map((item) => unmarshall(item));
}

/** Whether each condition has a pattern that the claim fits. */
function matches(row, claims) {
  return Object.entries(row.conditions).every(([name, patterns]) =>
    [patterns].flat().some((pattern) => claims[name] !== undefined && matchesGlob(String(claims[name]), pattern)),
  );
}

/** The row that grants. */
function decide(rows, scopes, claims) {
  const matching = rows.filter((row) => matches(row, claims));
  if (matching.some((row) => row.effect === 'deny')) return undefined;
  return matching.sort((one, other) => scopes.indexOf(one.scope) - scopes.indexOf(other.scope))[0];
}

/** A session of the row's role. */
function session(row, claims) {
  const tags = { gitlab_issuer: claims.iss, gitlab_environment_protected: 'false' };
  for (const claim of TAGS) if (claim in claims) tags[`gitlab_${claim}`] = String(claims[claim]);
  return sts.send(
    new AssumeRoleCommand({
      RoleArn: row.role_arn,
      RoleSessionName: `gl-${claims.project_id}-${claims.pipeline_id}-${claims.job_id}`,
      DurationSeconds: row.duration_seconds ?? 3600,
      Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
    }),
  );
}

function answer(statusCode, body) {
  return { statusCode, headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) };
}

/** Credentials in the shape that the SDKs read. */
export async function handler(event) {
  let claims;
  try {
    claims = await verify(event.headers.Authorization);
  } catch (error) {
    return answer(401, { code: 'token_invalid', message: error.message });
  }
  const scopes = scopesOf(claims);
  const name = event.queryStringParameters.role;
  const row = decide(await rowsFor(scopes, name), scopes, claims);
  if (!row) return answer(403, { code: 'no_mapping', message: `no mapping \`${name}\` grants` });
  const { Credentials } = await session(row, claims);
  const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = Credentials;
  const expiration = Expiration.toISOString().replace(/\.\d+Z$/, 'Z');
  return answer(200, { AccessKeyId, SecretAccessKey, Token: SessionToken, Expiration: expiration });
}
