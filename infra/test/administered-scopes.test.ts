import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import { RoleMappingTable } from '../lib/role-mapping-table.ts';
import { brevetTemplate, testStack } from './support/synth.ts';
import { statements, trust } from './support/template.ts';

interface Statement {
  Action: string[];
  Condition: Record<string, Record<string, string[] | string>>;
}

function granted(scopes: readonly string[]): Statement {
  const stack = testStack();
  const role = new iam.Role(stack, 'Team', { assumedBy: new iam.AccountRootPrincipal() });
  new RoleMappingTable(stack, 'RoleMappings').grantAdministerScopes(role, scopes);
  const [statement] = statements(Template.fromStack(stack), 'Team') as [Statement];
  return statement;
}

function keys(scopes: readonly string[]): unknown {
  return granted(scopes).Condition['ForAllValues:StringLike']?.['dynamodb:LeadingKeys'];
}

describe("a grant to administer a team's scopes", () => {
  const NOT_A_TEAMS = [
    'gitlab.example.com',
    'gitlab.example.com/',
    '*',
    'gitlab.example.com/*',
    'gitlab.example.com/project/*',
    'gitlab.example.com/project/47?1',
    'gitlab.example.com/project/4711/',
    'gitlab.example.com/project/04711',
    'gitlab.example.com/group/',
    'gitlab.example.com/group/nordwind/*',
    'gitlab.example.com/group/nordwind/',
    'gitlab.example.com/group/${aws:PrincipalTag/team}',
    'https://gitlab.example.com/project/4711',
    '/project/4711',
    '',
  ];
  for (const scope of NOT_A_TEAMS) {
    it(`is refused for \`${scope}\``, () => {
      assert.throws(() => granted(['gitlab.example.com/project/4711', scope]), /cannot be a team's/);
    });
  }

  it('is refused for no scope at all', () => {
    assert.throws(() => granted([]), /an empty list cannot be a team's/);
  });

  it('names a project or a namespace by its whole key, and never the beginning of another', () => {
    const scopes = ['gitlab.example.com/project/4711', 'localhost:8929/namespace/812'];
    assert.deepEqual(keys(scopes), scopes);
  });

  it('names a group and whatever is below it, and no group that only begins like it', () => {
    assert.deepEqual(keys(['gitlab.example.com/group/a/b']), [
      'gitlab.example.com/group/a/b',
      'gitlab.example.com/group/a/b/*',
    ]);
  });

  it('refuses requests that name no key, which `ForAllValues` lets pass', () => {
    assert.deepEqual(granted(['gitlab.example.com/project/4711']).Condition.Null, { 'dynamodb:LeadingKeys': 'false' });
  });

  it('allows single rows by key, and no scan, batch or PartiQL', () => {
    const actions = granted(['gitlab.example.com/project/4711']).Action.map((action) =>
      action.replace('dynamodb:', ''),
    );
    assert.deepEqual(actions.toSorted(), ['DeleteItem', 'GetItem', 'PutItem', 'Query', 'UpdateItem']);
  });

  it('is the same for the table of a Brevet that someone else deployed', () => {
    const stack = testStack();
    const role = new iam.Role(stack, 'Team', { assumedBy: new iam.AccountRootPrincipal() });
    RoleMappingTable.fromFacts(stack, 'prod').grantAdministerScopes(role, ['gitlab.example.com/project/4711']);
    const [statement] = statements(Template.fromStack(stack), 'Team') as [Statement];
    assert.deepEqual(statement.Condition, granted(['gitlab.example.com/project/4711']).Condition);
  });
});

describe("a team's role", () => {
  const template = brevetTemplate({ BREVET_TEAMS: '{"payments":["gitlab.example.com/project/4711"]}' });

  it('has the grant and nothing else', () => {
    const all = statements(template, 'Teampayments') as Statement[];
    assert.deepEqual(
      all.map(({ Condition }) => Condition),
      [granted(['gitlab.example.com/project/4711']).Condition],
    );
  });

  it('is for whoever the account lets assume it', () => {
    assert.deepEqual(trust(template, 'Teampayments'), [
      {
        Action: 'sts:AssumeRole',
        Effect: 'Allow',
        Principal: { AWS: 'arn:aws:iam::111122223333:root' },
      },
    ]);
    template.hasResourceProperties('AWS::IAM::Role', { RoleName: 'Brevet-dev-admin-payments' });
  });
});
