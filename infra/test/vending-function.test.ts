import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { brevetTemplate } from './support/synth.ts';
import { statements, trust } from './support/template.ts';

describe('the role of the credentials function', () => {
  it('may do exactly this', () => {
    assert.deepEqual(statements(brevetTemplate(), 'CredentialsApiVendingRole'), [
      {
        Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        Effect: 'Allow',
        Resource: '<CredentialsApiVendingLog.Arn>',
      },
      {
        Action: ['dynamodb:BatchGetItem', 'dynamodb:Query'],
        Effect: 'Allow',
        Resource: '<RoleMappingsTable.Arn>',
      },
      {
        Action: 'dynamodb:UpdateItem',
        Effect: 'Allow',
        Resource: '<TokenUsesTable.Arn>',
      },
      {
        Action: 'sts:AssumeRole',
        Effect: 'Deny',
        NotResource: 'arn:<AWS::Partition>:iam::*:role/brevet/*',
      },
      {
        Action: ['sts:AssumeRole', 'sts:SetSourceIdentity', 'sts:TagSession'],
        Effect: 'Allow',
        Resource: 'arn:<AWS::Partition>:iam::*:role/brevet/*',
      },
    ]);
  });

  it('may do the same and no more with a customer-managed key', () => {
    const names = ['CredentialsApiVendingRole', 'AuthorizerRole'];
    for (const name of names) {
      assert.deepEqual(
        statements(brevetTemplate({ BREVET_KMS: 'true' }), name),
        statements(brevetTemplate(), name),
        name,
      );
    }
  });

  it('assumes roles of another path when the deployment says so, and of that path only', () => {
    const vending = statements(brevetTemplate({ BREVET_ROLE_PATH: '/ci/jobs/' }), 'CredentialsApiVendingRole').at(-1);
    assert.equal((vending as { Resource: string }).Resource, 'arn:<AWS::Partition>:iam::*:role/ci/jobs/*');
  });

  it('is denied roles outside the path, also one of its own account whose trust policy names it', () => {
    const all = statements(brevetTemplate({ BREVET_ROLE_PATH: '/ci/jobs/' }), 'CredentialsApiVendingRole');
    assert.deepEqual(
      all.filter((statement) => (statement as { Effect: string }).Effect === 'Deny'),
      [{ Action: 'sts:AssumeRole', Effect: 'Deny', NotResource: 'arn:<AWS::Partition>:iam::*:role/ci/jobs/*' }],
    );
  });

  it('stays within the organization when the deployment names one', () => {
    const template = brevetTemplate({ BREVET_STS_ORG_ID: 'o-a1b2c3d4e5' });
    const vending = statements(template, 'CredentialsApiVendingRole').at(-1);
    assert.deepEqual((vending as { Condition: unknown }).Condition, {
      StringEquals: { 'aws:ResourceOrgID': 'o-a1b2c3d4e5' },
    });
  });

  it('can be taken by Lambda only', () => {
    assert.deepEqual(trust(brevetTemplate(), 'CredentialsApiVendingRole'), [
      { Action: 'sts:AssumeRole', Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' } },
    ]);
  });

  it('has a name that the owners of other accounts can write down beforehand', () => {
    brevetTemplate().hasResourceProperties('AWS::IAM::Role', { RoleName: 'Brevet-dev-credentials-eu-central-1' });
  });
});
