import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Template } from 'aws-cdk-lib/assertions';
import { allStacks } from './support/stacks.ts';
import { testApp } from './support/synth.ts';
import { flat, resource, resources, statements, trust } from './support/template.ts';

const STACKS = allStacks(testApp());

function template(stackName: string): Template {
  const stack = STACKS.find((candidate) => candidate.stackName === stackName);
  assert.ok(stack);
  return Template.fromStack(stack);
}

describe('the example of a protected REST API', () => {
  const reports = template('Reports-dev');

  it('has the authorizer on every method', () => {
    const methods = resources(reports, 'AWS::ApiGateway::Method').map(([, { Properties }]) => [
      Properties.HttpMethod,
      Properties.AuthorizationType,
      flat(Properties.AuthorizerId),
    ]);
    assert.deepEqual(methods, [
      ['GET', 'CUSTOM', '<GitLabRestApi>'],
      ['POST', 'CUSTOM', '<GitLabRestApi>'],
    ]);
  });

  it('repeats an answer of the authorizer for a minute', () => {
    assert.equal(resource(reports, 'AWS::ApiGateway::Authorizer').Properties.AuthorizerResultTtlInSeconds, 60);
  });

  it('is decided by the rows of its own name in the table of Brevet', () => {
    const { Variables } = flat(resource(reports, 'AWS::Lambda::Function', 'GitLab').Properties.Environment) as {
      Variables: Record<string, string>;
    };
    assert.equal(Variables.ROUTE_POLICY, 'mappings');
    assert.equal(Variables.API_NAME, 'reports');
    assert.match(String(Variables.ROLE_MAPPING_TABLE), /^<SsmParameterValuebrevetdevmappingtablename/);
    assert.match(String(Variables.TRUSTED_ISSUERS), /^<SsmParameterValuebrevetdevissuers/);
  });

  it("answers refusals in Brevet's error shape", () => {
    assert.equal(resources(reports, 'AWS::ApiGateway::GatewayResponse').length, 17);
  });

  it('has a backend that may do nothing but log', () => {
    assert.equal(statements(reports, 'BackendRole').length, 1);
  });
});

describe('the example of a protected HTTP API', () => {
  it('has an authorizer on every route', () => {
    const routes = resources(template('ReportsHttp-dev'), 'AWS::ApiGatewayV2::Route').map(([, { Properties }]) => [
      Properties.RouteKey,
      Properties.AuthorizationType,
    ]);
    assert.deepEqual(routes, [
      ['GET /reports/{id}', 'CUSTOM'],
      ['POST /deployments', 'CUSTOM'],
    ]);
  });

  it('logs the route as declared, and nothing of the request', () => {
    const { AccessLogSettings } = resource(template('ReportsHttp-dev'), 'AWS::ApiGatewayV2::Stage').Properties;
    const { Format } = AccessLogSettings as { Format: string };
    assert.equal(JSON.parse(Format).route, '$context.routeKey');
    assert.doesNotMatch(Format, /header|context\.path|error\.message|userAgent|querystring/i);
  });
});

describe('the example of roles for jobs', () => {
  const roles = template('TargetRoles-dev');

  it('has one role per project, each trusting the vending role for that project alone', () => {
    const pinned = ['DemoDeployer', 'OtherProject'].map((id) => {
      const [statement, ...more] = trust(roles, id) as { Condition: { StringEquals: Record<string, unknown> } }[];
      assert.deepEqual(more, []);
      return statement?.Condition.StringEquals['aws:RequestTag/gitlab_project_id'];
    });
    assert.deepEqual(pinned, [['4711'], ['4712']]);
  });

  it('lets the deployer read one parameter', () => {
    const [statement, ...more] = statements(roles, 'DemoDeployerRole') as { Resource: string }[];
    assert.deepEqual(more, []);
    assert.match(String(statement?.Resource), /:parameter<ReleaseChannel>$/);
  });
});
