import { scopePatterns } from './administered-scopes.ts';

type Teams = Readonly<Record<string, readonly string[]>>;

/** Reads `{"payments": ["gitlab.example.com/project/4711"]}`: which scopes each team looks after, or what is wrong with it. */
export function readTeams(json: string): { readonly teams: Teams; readonly fault?: string } {
  const teams = parsed(json);
  if (!isTeams(teams)) {
    return { teams: {}, fault: 'expected a JSON object of team names, each with a list of scopes' };
  }
  for (const [team, scopes] of Object.entries(teams)) {
    if (!/^[a-z][a-z0-9-]{0,19}$/.test(team)) {
      return { teams: {}, fault: `\`${team}\` cannot be part of a name: expected a short lower-case name` };
    }
    try {
      scopePatterns(scopes);
    } catch (error) {
      return { teams: {}, fault: `${team}: ${(error as Error).message}` };
    }
  }
  return { teams };
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

function isTeams(value: unknown): value is Teams {
  const isScopes = (scopes: unknown): boolean =>
    Array.isArray(scopes) && scopes.every((scope) => typeof scope === 'string');
  return typeof value === 'object' && value !== null && !Array.isArray(value) && Object.values(value).every(isScopes);
}
