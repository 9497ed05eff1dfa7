import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { emptyDirectory } from './support/stand-in-binaries.ts';
import { brevetTemplate, ISSUERS } from './support/synth.ts';
import { flat, resources } from './support/template.ts';

const OUTPUTS = [
  'ApiId',
  'AuditLogGroup',
  'CredentialsUrl',
  'Issuers',
  'MappingAuditLogGroup',
  'MappingTableArn',
  'MappingTableName',
  'RolePath',
  'VendingRoleArn',
];

function parameters(changed: Record<string, string | undefined> = {}): Record<string, unknown> {
  return Object.fromEntries(
    resources(brevetTemplate(changed), 'AWS::SSM::Parameter').map(([, { Properties }]) => [
      Properties.Name,
      flat(Properties.Value),
    ]),
  );
}

describe('the facts other teams build on', () => {
  it('are published under the name of the deployment', () => {
    const { '/brevet/prod/credentials-url': url, ...rest } = parameters({ BREVET_ENVIRONMENT: 'prod' });
    assert.match(String(url), /\/credentials$/);
    assert.deepEqual(rest, {
      '/brevet/prod/api-id': '<CredentialsApi>',
      '/brevet/prod/mapping-table-name': '<RoleMappingsTable>',
      '/brevet/prod/mapping-table-arn': '<RoleMappingsTable.Arn>',
      '/brevet/prod/vending-role-arn': '<CredentialsApiVendingRole.Arn>',
      '/brevet/prod/role-path': '/brevet/',
      '/brevet/prod/audit-log-group': '<CredentialsApiVendingLog>',
      '/brevet/prod/mapping-audit-log-group': '<MappingAuditorFunctionLog>',
      '/brevet/prod/issuers': ISSUERS,
    });
  });

  it('are outputs of the stack as well, by names that stay', () => {
    const outputs = Object.keys(brevetTemplate().findOutputs('*')).filter((name) => !name.includes('Endpoint'));
    assert.deepEqual(outputs.toSorted(), OUTPUTS);
  });

  it('leave out issuers that travel as a file: they fit no other environment either', () => {
    const file = join(emptyDirectory(), 'issuers.json');
    writeFileSync(file, ISSUERS);
    const names = Object.keys(parameters({ BREVET_ISSUERS: undefined, BREVET_ISSUERS_FILE: file }));
    assert.ok(!names.includes('/brevet/dev/issuers'));
  });
});
