import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import { TokenUseTable } from '../lib/token-use-table.ts';
import { testStack } from './support/synth.ts';
import { resource, statements } from './support/template.ts';

describe('the use ledger', () => {
  const stack = testStack();
  const ledger = new TokenUseTable(stack, 'TokenUses');
  ledger.grantCountUses(new iam.Role(stack, 'Grantee', { assumedBy: new iam.AccountRootPrincipal() }));
  const template = Template.fromStack(stack);
  const table = resource(template, 'AWS::DynamoDB::Table');

  it('may be counted in, but neither read nor emptied', () => {
    assert.deepEqual(statements(template, 'Grantee'), [
      { Action: 'dynamodb:UpdateItem', Effect: 'Allow', Resource: '<TokenUsesTable.Arn>' },
    ]);
  });

  it('is keyed by token and forgets tokens that have expired', () => {
    assert.deepEqual(table.Properties.KeySchema, [{ AttributeName: 'token', KeyType: 'HASH' }]);
    assert.deepEqual(table.Properties.TimeToLiveSpecification, { AttributeName: 'expires_at', Enabled: true });
  });

  it('goes with the stack: it says nothing once the tokens are spent', () => {
    assert.equal(table.DeletionPolicy, 'Delete');
  });
});
