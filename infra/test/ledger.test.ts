import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Template } from 'aws-cdk-lib/assertions';
import { LedgerStack } from '../examples/protected-api/ledger-stack.ts';
import { ENV, testApp } from './support/synth.ts';
import { resources, statements, trust } from './support/template.ts';

const ledger = Template.fromStack(
  new LedgerStack(testApp(), 'Ledger', { env: ENV, environment: 'dev', projectIds: ['4711'] }),
);

describe('the example of APIs that IAM protects', () => {
  it('lets nobody in unsigned', () => {
    const methods = resources(ledger, 'AWS::ApiGateway::Method').map(([, { Properties }]) => Properties);
    const routes = resources(ledger, 'AWS::ApiGatewayV2::Route').map(([, { Properties }]) => Properties);
    assert.deepEqual(
      [...methods, ...routes].map(({ HttpMethod, RouteKey, AuthorizationType }) => [
        HttpMethod ?? RouteKey,
        AuthorizationType,
      ]),
      [
        ['GET', 'AWS_IAM'],
        ['POST', 'AWS_IAM'],
        ['GET /entries/{id}', 'AWS_IAM'],
        ['POST /entries', 'AWS_IAM'],
      ],
    );
  });

  it('has no authorizer', () => {
    ledger.resourceCountIs('AWS::ApiGateway::Authorizer', 0);
    ledger.resourceCountIs('AWS::ApiGatewayV2::Authorizer', 0);
  });

  for (const [role, route] of [
    ['Reader', 'GET/entries/*'],
    ['Writer', 'POST/entries'],
  ] as const) {
    it(`lets the ${role.toLowerCase()} call one route of each API, and nothing else`, () => {
      assert.deepEqual(statements(ledger, role), [
        {
          Action: 'execute-api:Invoke',
          Effect: 'Allow',
          Resource: [
            `arn:<AWS::Partition>:execute-api:eu-central-1:111122223333:<HttpApi>/*/${route}`,
            `arn:aws:execute-api:eu-central-1:111122223333:<Api>/<ApiDeploymentStagev1>/${route}`,
          ],
        },
      ]);
    });
  }

  it('has roles that jobs of one project alone may have, on protected refs', () => {
    for (const role of ['Reader', 'Writer']) {
      const [statement, ...more] = trust(ledger, role) as { Condition: unknown }[];
      assert.deepEqual(more, []);
      assert.deepEqual(statement?.Condition, {
        StringEquals: {
          'aws:RequestTag/gitlab_project_id': ['4711'],
          'aws:RequestTag/gitlab_ref_protected': 'true',
        },
      });
    }
  });
});
