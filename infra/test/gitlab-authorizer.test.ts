import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Duration, type Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as apigateway from 'aws-cdk-lib/aws-apigateway';
import * as apigatewayv2 from 'aws-cdk-lib/aws-apigatewayv2';
import { functionArtifact } from '../lib/function-artifact.ts';
import { GitLabAuthorizer, type GitLabAuthorizerProps } from '../lib/gitlab-authorizer.ts';
import { RoleMappingTable } from '../lib/role-mapping-table.ts';
import { TrustedIssuers } from '../lib/trusted-issuers.ts';
import { BINARIES, ISSUERS, testStack } from './support/synth.ts';
import { flat, resource, statements } from './support/template.ts';

type Changed = Partial<GitLabAuthorizerProps>;

function authorizerIn(stack: Stack, changed: Changed = {}): GitLabAuthorizer {
  return new GitLabAuthorizer(stack, 'GitLab', {
    artifact: functionArtifact('authorizer', BINARIES),
    issuers: TrustedIssuers.inline(ISSUERS),
    roleMappings: RoleMappingTable.fromFacts(stack, 'prod'),
    routePolicy: 'mappings',
    apiName: 'reports',
    ...changed,
  });
}

function restApi(changed: Changed = {}): Template {
  const stack = testStack();
  const authorizer = authorizerIn(stack, changed).forRestApi();
  const api = new apigateway.RestApi(stack, 'Api', { cloudWatchRole: false });
  const options = { authorizer, authorizationType: apigateway.AuthorizationType.CUSTOM };
  api.root.addMethod('GET', new apigateway.MockIntegration(), options);
  api.root.addMethod('POST', new apigateway.MockIntegration(), options);
  return Template.fromStack(stack);
}

function httpApi(changed: Changed = {}): Template {
  const stack = testStack();
  const authorizer = authorizerIn(stack, changed);
  const api = new apigatewayv2.HttpApi(stack, 'Api');
  for (const path of ['/reports/{id}', '/deployments']) {
    new apigatewayv2.HttpRoute(stack, path, {
      httpApi: api,
      routeKey: apigatewayv2.HttpRouteKey.with(path, apigatewayv2.HttpMethod.GET),
      integration: new Nowhere('Nowhere'),
      authorizer: authorizer.forHttpApi(),
    });
  }
  return Template.fromStack(stack);
}

class Nowhere extends apigatewayv2.HttpRouteIntegration {
  override bind(): apigatewayv2.HttpRouteIntegrationConfig {
    return {
      type: apigatewayv2.HttpIntegrationType.HTTP_PROXY,
      uri: 'https://backend.example.com',
      method: apigatewayv2.HttpMethod.ANY,
      payloadFormatVersion: apigatewayv2.PayloadFormatVersion.VERSION_1_0,
    };
  }
}

describe('an authorizer', () => {
  const WRONG: readonly [name: string, changed: Changed, message: RegExp][] = [
    ['mappings without an API name', { apiName: undefined }, /`mappings` needs `apiName` and `roleMappings`/],
    ['mappings without a table', { roleMappings: undefined }, /`mappings` needs `apiName` and `roleMappings`/],
    ['an API name no row can have', { apiName: 'Reports API' }, /`Reports API` cannot be an API name/],
    ['an API name that is too long', { apiName: 'r'.repeat(61) }, /cannot be an API name/],
    [
      'a cache of simple answers by mapping, which would answer for other paths',
      { response: 'simple', cacheTtl: Duration.seconds(1) },
      /simple responses by mapping cannot be cached/,
    ],
  ];
  for (const [name, changed, message] of WRONG) {
    it(`refuses ${name}`, () => {
      assert.throws(() => authorizerIn(testStack(), changed), message);
    });
  }

  it('may write its log and read mappings, and nothing else', () => {
    const [log, table, ...more] = statements(restApi(), 'GitLabAuthorizerRole') as Record<string, unknown>[];
    assert.deepEqual(more, []);
    assert.deepEqual(log?.Action, ['logs:CreateLogStream', 'logs:PutLogEvents']);
    assert.deepEqual(table?.Action, ['dynamodb:BatchGetItem', 'dynamodb:Query']);
    assert.match(String(table?.Resource), /^<SsmParameterValuebrevetprodmappingtablearn/);
  });

  it('knows the API it guards and the table that decides', () => {
    const { Environment } = resource(restApi(), 'AWS::Lambda::Function').Properties;
    const { Variables } = flat(Environment) as { Variables: Record<string, string> };
    const { ROLE_MAPPING_TABLE, ...rest } = Variables;
    assert.match(String(ROLE_MAPPING_TABLE), /^<SsmParameterValuebrevetprodmappingtablename/);
    assert.deepEqual(rest, {
      TRUSTED_ISSUERS: ISSUERS,
      DENIAL_DETAIL: 'own',
      METRICS_NAMESPACE: 'Brevet',
      ROUTE_POLICY: 'mappings',
      API_NAME: 'reports',
      AUTHORIZER_RESPONSE: 'iam',
    });
  });

  it('needs neither a table nor a name to admit every verified job', () => {
    const template = restApi({ routePolicy: 'authenticated', apiName: undefined, roleMappings: undefined });
    assert.equal(statements(template, 'GitLabAuthorizerRole').length, 1);
  });
});

describe('an authorizer of a REST API', () => {
  it('is asked with the whole request, cached by the token alone for a minute', () => {
    const { Type, IdentitySource, AuthorizerResultTtlInSeconds } = resource(
      restApi(),
      'AWS::ApiGateway::Authorizer',
    ).Properties;
    assert.equal(Type, 'REQUEST');
    assert.equal(IdentitySource, 'method.request.header.Authorization');
    assert.equal(AuthorizerResultTtlInSeconds, 60);
  });

  it('can do without the cache', () => {
    const template = restApi({ cacheTtl: Duration.seconds(0) });
    assert.equal(resource(template, 'AWS::ApiGateway::Authorizer').Properties.AuthorizerResultTtlInSeconds, 0);
  });

  it('can be called by the authorizers of this API only', () => {
    const permission = resource(restApi(), 'AWS::Lambda::Permission').Properties;
    assert.equal(permission.Principal, 'apigateway.amazonaws.com');
    assert.equal(permission.Action, 'lambda:InvokeFunction');
    assert.match(
      String(flat(permission.SourceArn)),
      /:execute-api:eu-central-1:111122223333:<Api>\/authorizers\/<GitLabRestApi>$/,
    );
  });
});

describe('an authorizer of an HTTP API', () => {
  it('answers with policies, cached by the token alone for a minute', () => {
    const { AuthorizerType, IdentitySource, AuthorizerResultTtlInSeconds, EnableSimpleResponses } = resource(
      httpApi(),
      'AWS::ApiGatewayV2::Authorizer',
    ).Properties;
    assert.equal(AuthorizerType, 'REQUEST');
    assert.deepEqual(IdentitySource, ['$request.header.Authorization']);
    assert.equal(AuthorizerResultTtlInSeconds, 60);
    assert.ok(!EnableSimpleResponses);
  });

  it('answers each route apart when it answers yes or no, and by mapping without a cache', () => {
    const template = httpApi({ response: 'simple' });
    const { IdentitySource, AuthorizerResultTtlInSeconds, EnableSimpleResponses } = resource(
      template,
      'AWS::ApiGatewayV2::Authorizer',
    ).Properties;
    assert.deepEqual(IdentitySource, ['$request.header.Authorization', '$context.routeKey']);
    assert.equal(AuthorizerResultTtlInSeconds, 0);
    assert.equal(EnableSimpleResponses, true);
    template.hasResourceProperties('AWS::Lambda::Function', {
      Environment: { Variables: { AUTHORIZER_RESPONSE: 'simple' } },
    });
  });

  it('caches yes or no where every verified job is admitted', () => {
    const { AuthorizerResultTtlInSeconds } = resource(
      httpApi({ response: 'simple', routePolicy: 'authenticated' }),
      'AWS::ApiGatewayV2::Authorizer',
    ).Properties;
    assert.equal(AuthorizerResultTtlInSeconds, 60);
  });

  it('can be called by the authorizers of this API only', () => {
    const { SourceArn } = resource(httpApi(), 'AWS::Lambda::Permission').Properties;
    assert.match(String(flat(SourceArn)), /:execute-api:eu-central-1:111122223333:<Api>\/authorizers\/<ApiHttpApi>$/);
  });
});

describe('an authorizer of a WebSocket API', () => {
  const stack = testStack();
  const authorizer = authorizerIn(stack).forWebSocketApi();
  const integration = new (class extends apigatewayv2.WebSocketRouteIntegration {
    override bind(): apigatewayv2.WebSocketRouteIntegrationConfig {
      return { type: apigatewayv2.WebSocketIntegrationType.MOCK, uri: '' };
    }
  })('Nowhere');
  new apigatewayv2.WebSocketApi(stack, 'Api', { connectRouteOptions: { integration, authorizer } });
  const template = Template.fromStack(stack);

  it('guards the connection by the header', () => {
    template.hasResourceProperties('AWS::ApiGatewayV2::Authorizer', {
      AuthorizerType: 'REQUEST',
      IdentitySource: ['route.request.header.Authorization'],
    });
    template.hasResourceProperties('AWS::ApiGatewayV2::Route', { RouteKey: '$connect', AuthorizationType: 'CUSTOM' });
  });

  it('can be called by the authorizers of this API only', () => {
    const { SourceArn } = resource(template, 'AWS::Lambda::Permission').Properties;
    assert.match(
      String(flat(SourceArn)),
      /:execute-api:eu-central-1:111122223333:<Api>\/authorizers\/<ApiWebSocketApi>$/,
    );
  });
});
