import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { readSettings } from '../lib/settings.ts';
import { SettingsError } from '../lib/settings-error.ts';
import { emptyDirectory } from './support/stand-in-binaries.ts';
import { ACCOUNT, BINARIES, ISSUERS, REGION, variables } from './support/synth.ts';

function faults(changed: Record<string, string | undefined>): readonly string[] {
  try {
    readSettings(variables(changed));
  } catch (error) {
    assert.ok(error instanceof SettingsError);
    return error.faults;
  }
  return [];
}

const STREAM = 'arn:aws:dynamodb:eu-central-1:111122223333:table/kept/stream/2026-11-01T09:00:00.000';

/** Each case: what was set wrongly, and the one sentence it gets. */
const WRONG: readonly [name: string, changed: Record<string, string | undefined>, fault: RegExp][] = [
  ['no account', { BREVET_ACCOUNT: undefined }, /^BREVET_ACCOUNT is missing: expected the 12 digits/],
  ['an account that is none', { BREVET_ACCOUNT: '1234' }, /^BREVET_ACCOUNT is `1234`: expected the 12 digits/],
  ['no region', { BREVET_REGION: '' }, /^BREVET_REGION is missing/],
  ['a region that is none', { BREVET_REGION: 'Frankfurt' }, /^BREVET_REGION is `Frankfurt`/],
  ['an environment that cannot be part of a name', { BREVET_ENVIRONMENT: 'Prod 1' }, /^BREVET_ENVIRONMENT is `Prod 1`/],
  ['no issuers', { BREVET_ISSUERS: undefined }, /^set one of BREVET_ISSUERS .* and BREVET_ISSUERS_FILE/],
  ['issuers twice', { BREVET_ISSUERS_FILE: issuersFile(ISSUERS) }, /^set one of BREVET_ISSUERS/],
  ['issuers that are no JSON', { BREVET_ISSUERS: '[' }, /^BREVET_ISSUERS: expected a JSON array/],
  ['issuers that are none', { BREVET_ISSUERS: '[]' }, /^BREVET_ISSUERS: expected a JSON array with at least one/],
  [
    'an issuer without audiences',
    { BREVET_ISSUERS: '[{"issuer":"https://gitlab.example.com"}]' },
    /^BREVET_ISSUERS: entry 1 needs/,
  ],
  [
    'an issuer that is no address',
    { BREVET_ISSUERS: '[{"issuer":"gitlab","audiences":["a"]}]' },
    /^BREVET_ISSUERS: entry 1 needs/,
  ],
  [
    'an issuer with an empty audience',
    { BREVET_ISSUERS: '[{"issuer":"https://gitlab.example.com","audiences":[""]}]' },
    /^BREVET_ISSUERS: entry 1 needs/,
  ],
  ['issuers too long for an environment', { BREVET_ISSUERS: longIssuers() }, /longer than 3,000 bytes/],
  [
    'a file that is not there',
    { BREVET_ISSUERS: undefined, BREVET_ISSUERS_FILE: '/nowhere.json' },
    /^BREVET_ISSUERS_FILE: `\/nowhere.json` cannot be read/,
  ],
  [
    'a file without issuers',
    { BREVET_ISSUERS: undefined, BREVET_ISSUERS_FILE: issuersFile('{}') },
    /^BREVET_ISSUERS_FILE: expected a JSON array/,
  ],
  [
    'a table that cannot exist',
    { BREVET_MAPPING_TABLE: 'role mappings', BREVET_MAPPING_STREAM_ARN: STREAM },
    /^BREVET_MAPPING_TABLE is `role mappings`/,
  ],
  [
    'a table without its stream',
    { BREVET_MAPPING_TABLE: 'kept' },
    /^BREVET_MAPPING_TABLE and .* go together: .*LatestStreamArn/,
  ],
  [
    'a stream that is a table',
    {
      BREVET_MAPPING_TABLE: 'kept',
      BREVET_MAPPING_STREAM_ARN: 'arn:aws:dynamodb:eu-central-1:111122223333:table/kept',
    },
    /^BREVET_MAPPING_STREAM_ARN is/,
  ],
  ['teams that are no JSON', { BREVET_TEAMS: '{' }, /^BREVET_TEAMS: expected a JSON object/],
  [
    'teams without lists',
    { BREVET_TEAMS: '{"payments":"gitlab.example.com/project/4711"}' },
    /^BREVET_TEAMS: expected a JSON object/,
  ],
  ['a team that cannot be part of a name', { BREVET_TEAMS: '{"Team 1":[]}' }, /^BREVET_TEAMS: `Team 1` cannot/],
  [
    'a team of the whole issuer',
    { BREVET_TEAMS: '{"payments":["gitlab.example.com"]}' },
    /^BREVET_TEAMS: payments: `gitlab.example.com` cannot/,
  ],
  ['no number of sudden changes', { BREVET_SUDDEN_CHANGES: '0' }, /^BREVET_SUDDEN_CHANGES is `0`/],
  ['every role there is', { BREVET_ROLE_PATH: '/' }, /^BREVET_ROLE_PATH is `\/`/],
  ['a wildcard in the role path', { BREVET_ROLE_PATH: '/brevet*/' }, /^BREVET_ROLE_PATH is/],
  ['a role path without its last slash', { BREVET_ROLE_PATH: '/brevet' }, /^BREVET_ROLE_PATH is/],
  ['an organization that is none', { BREVET_STS_ORG_ID: '*' }, /^BREVET_STS_ORG_ID is `\*`/],
  ['a domain without a certificate', { BREVET_DOMAIN: 'c.example.com' }, /go together/],
  [
    'a domain with a scheme',
    { BREVET_DOMAIN: 'https://c.example.com', BREVET_CERTIFICATE_ARN: certificate() },
    /^BREVET_DOMAIN is/,
  ],
  [
    'a choice that is none',
    { BREVET_DENIAL_DETAIL: 'all' },
    /^BREVET_DENIAL_DETAIL is `all`: expected `own` or `full`/,
  ],
  ['a help page with a fragment', { BREVET_HELP_URL: 'https://w.example.com/#a' }, /^BREVET_HELP_URL is/],
  ['a help page that is not https', { BREVET_HELP_URL: 'http://w.example.com' }, /^BREVET_HELP_URL is/],
  ['a switch that is neither on nor off', { BREVET_KMS: 'yes' }, /^BREVET_KMS is `yes`: expected `false` or `true`/],
  ['a topic that is none', { BREVET_ALARM_TOPIC_ARN: 'ops' }, /^BREVET_ALARM_TOPIC_ARN is `ops`/],
  ['a concurrency of nothing', { BREVET_RESERVED_CONCURRENCY: '0' }, /^BREVET_RESERVED_CONCURRENCY is `0`/],
  ['an architecture nobody built for', { BREVET_ARCH: 'arm' }, /^BREVET_ARCH is `arm`: expected/],
];

describe('settings', () => {
  for (const [name, changed, fault] of WRONG) {
    it(`refuse ${name}`, () => {
      const found = faults(changed);
      assert.equal(found.length, 1, found.join('\n'));
      assert.match(found[0] ?? '', fault);
    });
  }

  it('name every fault at once', () => {
    const found = faults({
      BREVET_ACCOUNT: 'x',
      BREVET_ISSUERS: '{}',
      BREVET_KMS: 'maybe',
      BREVET_ROLE_PATH: 'brevet',
    });
    assert.equal(found.length, 4, found.join('\n'));
  });

  it('need an account, a region and issuers, and have a default for the rest', () => {
    const { issuers, ...rest } = readSettings(variables());
    assert.deepEqual(rest, {
      account: ACCOUNT,
      region: REGION,
      environment: 'dev',
      mappingTable: undefined,
      tableTrail: false,
      teams: {},
      suddenChanges: undefined,
      rolePath: '/brevet/',
      organizationId: undefined,
      domain: undefined,
      customerManagedKey: false,
      denialDetail: 'own',
      helpUrl: undefined,
      gatewayLogRole: 'create',
      alarmTopicArn: undefined,
      reservedConcurrency: undefined,
      provisionedConcurrency: undefined,
      architecture: undefined,
      buildDirectory: BINARIES,
    });
    assert.deepEqual(issuers.environment(), { TRUSTED_ISSUERS: ISSUERS });
  });

  it('take account and region from the CDK when they are not set', () => {
    const lookup = variables({
      BREVET_ACCOUNT: undefined,
      BREVET_REGION: undefined,
      CDK_DEFAULT_ACCOUNT: '444455556666',
      CDK_DEFAULT_REGION: 'us-gov-west-1',
    });
    const { account, region } = readSettings(lookup);
    assert.deepEqual([account, region], ['444455556666', 'us-gov-west-1']);
  });

  it('take an empty variable for none, as CI systems pass those', () => {
    assert.deepEqual(faults({ BREVET_DOMAIN: '', BREVET_KMS: '', BREVET_STS_ORG_ID: '', BREVET_ENVIRONMENT: '' }), []);
  });

  it('read the issuers from a file', () => {
    const settings = readSettings(
      variables({ BREVET_ISSUERS: undefined, BREVET_ISSUERS_FILE: issuersFile(longIssuers()) }),
    );
    assert.deepEqual(settings.issuers.environment(), { TRUSTED_ISSUERS_FILE: 'issuers.json' });
  });
});

function issuersFile(content: string): string {
  const path = join(emptyDirectory(), 'issuers.json');
  writeFileSync(path, content);
  return path;
}

/** Valid, but with so many audiences that it does not fit a function's environment. */
function longIssuers(): string {
  const audiences = Array.from({ length: 200 }, (_, index) => `https://credentials-${index}.example.com`);
  return JSON.stringify([{ issuer: 'https://gitlab.example.com', audiences }]);
}

function certificate(): string {
  return `arn:aws:acm:${REGION}:${ACCOUNT}:certificate/5f1c1c2e-0000-4000-8000-000000000000`;
}
