/**
 * What is plainly wrong with a `TRUSTED_ISSUERS` document, or nothing. The functions check every member when they start; this is the
 * part that is worth knowing before a deployment.
 */
export function issuersFault(json: string): string | undefined {
  const entries = parse(json);
  if (!Array.isArray(entries) || entries.length === 0) {
    return 'expected a JSON array with at least one issuer';
  }
  const position = entries.findIndex((entry) => !isIssuer(entry));
  return position < 0
    ? undefined
    : `entry ${position + 1} needs \`issuer\`, an address, and \`audiences\`, an array of at least one string`;
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

function isIssuer(entry: unknown): boolean {
  if (typeof entry !== 'object' || entry === null || !('issuer' in entry) || !('audiences' in entry)) {
    return false;
  }
  const { issuer, audiences } = entry;
  return (
    typeof issuer === 'string' &&
    URL.canParse(issuer) &&
    Array.isArray(audiences) &&
    audiences.length > 0 &&
    audiences.every((audience) => typeof audience === 'string' && audience !== '')
  );
}
