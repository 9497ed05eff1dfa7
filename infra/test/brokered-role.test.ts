import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Duration } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import { BrokeredRole, type BrokeredRoleProps } from '../lib/brokered-role.ts';
import { testStack } from './support/synth.ts';
import { flat, resource, trust } from './support/template.ts';

const VENDOR = 'arn:aws:iam::111122223333:role/Brevet-prod-credentials-eu-central-1';

function role(changed: Partial<BrokeredRoleProps> = {}): Template {
  const stack = testStack();
  new BrokeredRole(stack, 'Deployer', {
    roleName: 'deployer',
    vendingRoleArn: VENDOR,
    projectIds: ['4711'],
    ...changed,
  });
  return Template.fromStack(stack);
}

describe('a role for jobs', () => {
  for (const [name, projectIds] of [
    ['no project', []],
    ['a wildcard', ['*']],
    ['a path, which others can take over', ['nordwind/platform']],
    ['nothing', ['4711', '']],
    ['a number written otherwise than in a token', ['04711']],
  ] as const) {
    it(`cannot be pinned to ${name}`, () => {
      assert.throws(() => role({ projectIds }), /`projectIds` must be GitLab project ids, and at least one/);
    });
  }

  it('trusts the vending role alone, for these projects, on protected refs', () => {
    assert.deepEqual(trust(role({ projectIds: ['4711', '4712'] }), 'Deployer'), [
      {
        Action: ['sts:AssumeRole', 'sts:TagSession'],
        Effect: 'Allow',
        Principal: { AWS: VENDOR },
        Condition: {
          StringEquals: {
            'aws:RequestTag/gitlab_project_id': ['4711', '4712'],
            'aws:RequestTag/gitlab_ref_protected': 'true',
          },
        },
      },
    ]);
  });

  it('can be opened to unprotected refs, and stays pinned to its projects', () => {
    const [statement] = trust(role({ protectedRefsOnly: false }), 'Deployer') as [{ Condition: unknown }];
    assert.deepEqual(statement.Condition, { StringEquals: { 'aws:RequestTag/gitlab_project_id': ['4711'] } });
  });

  it('lies on the path of which Brevet may assume roles', () => {
    assert.equal(resource(role(), 'AWS::IAM::Role').Properties.Path, '/brevet/');
    assert.equal(resource(role({ rolePath: '/ci/' }), 'AWS::IAM::Role').Properties.Path, '/ci/');
  });

  it('lasts an hour at most, unless its owner says otherwise', () => {
    assert.equal(resource(role(), 'AWS::IAM::Role').Properties.MaxSessionDuration, 3600);
    const longer = role({ maxSessionDuration: Duration.hours(2) });
    assert.equal(resource(longer, 'AWS::IAM::Role').Properties.MaxSessionDuration, 7200);
  });

  it('may do nothing until it is granted something', () => {
    role().resourceCountIs('AWS::IAM::Policy', 0);
    assert.equal(resource(role(), 'AWS::IAM::Role').Properties.ManagedPolicyArns, undefined);
  });

  it('takes a permissions boundary', () => {
    const stack = testStack();
    new BrokeredRole(stack, 'Deployer', {
      roleName: 'deployer',
      vendingRoleArn: VENDOR,
      projectIds: ['4711'],
      permissionsBoundary: iam.ManagedPolicy.fromManagedPolicyName(stack, 'Boundary', 'jobs'),
    });
    const { PermissionsBoundary } = resource(Template.fromStack(stack), 'AWS::IAM::Role').Properties;
    assert.equal(flat(PermissionsBoundary), 'arn:aws:iam::111122223333:policy/jobs');
  });
});
