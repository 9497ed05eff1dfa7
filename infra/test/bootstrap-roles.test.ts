import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import { BootstrapRoles, type BootstrapRolesProps } from '../lib/bootstrap-roles.ts';
import { testStack } from './support/synth.ts';
import { statements } from './support/template.ts';

function granted(props: BootstrapRolesProps): unknown[] {
  const stack = testStack();
  const role = new iam.Role(stack, 'Job', { assumedBy: new iam.AccountRootPrincipal() });
  new BootstrapRoles(stack, 'Bootstrap', props).grantAssume(role, ['lookup']);
  return statements(Template.fromStack(stack), 'Job');
}

describe('the roles of cdk bootstrap', () => {
  it('are granted by purpose, and to be assumed without further tags', () => {
    assert.deepEqual(granted({}), [
      {
        Action: 'sts:AssumeRole',
        Effect: 'Allow',
        Resource: 'arn:aws:iam::111122223333:role/cdk-hnb659fds-lookup-role-111122223333-eu-central-1',
      },
    ]);
  });

  it('are those of the qualifier and the regions that the account was bootstrapped with', () => {
    const [statement] = granted({ qualifier: 'ci', regions: ['eu-west-1', 'us-east-1'] }) as { Resource: string[] }[];
    assert.deepEqual(statement?.Resource, [
      'arn:aws:iam::111122223333:role/cdk-ci-lookup-role-111122223333-eu-west-1',
      'arn:aws:iam::111122223333:role/cdk-ci-lookup-role-111122223333-us-east-1',
    ]);
  });
});
