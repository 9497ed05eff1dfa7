/** The scope of one project, one namespace, or everything below one group. */
const ADMINISTERED =
  /^[A-Za-z0-9.-]+(:\d+)?\/(?:project\/[1-9]\d*|namespace\/[1-9]\d*|group(?:\/[A-Za-z0-9_.][A-Za-z0-9_.-]*)+)$/;

/**
 * The partition keys of a team's scopes, as IAM's `StringLike` reads them: each scope by itself and, for a group, whatever is below it.
 * Throws for what is no scope of a part of an issuer. A scope has no wildcard in it, and none may be smuggled in.
 */
export function scopePatterns(scopes: readonly string[]): string[] {
  const refused = scopes.filter((scope) => !ADMINISTERED.test(scope));
  if (scopes.length === 0 || refused.length > 0) {
    const what = refused.map((scope) => `\`${scope}\``).join(', ') || 'an empty list';
    throw new Error(
      `${what} cannot be a team's: expected scopes such as gitlab.example.com/project/4711, .../namespace/812, .../group/nordwind/platform`,
    );
  }
  return scopes.flatMap((scope) => (scope.includes('/group/') ? [scope, `${scope}/*`] : [scope]));
}
