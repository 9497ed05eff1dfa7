import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { brevetTemplate } from './support/synth.ts';
import { flat, resource, resources } from './support/template.ts';

describe("Brevet's own API", () => {
  const template = brevetTemplate();
  const stage = resource(template, 'AWS::ApiGateway::Stage').Properties;

  it('has these routes, and an authorizer on each that does not verify the token itself', () => {
    const paths = new Map(
      resources(template, 'AWS::ApiGateway::Resource').map(([id, { Properties }]) => [id, Properties]),
    );
    const pathOf = (id: string): string => {
      const { PathPart, ParentId } = paths.get(id) ?? {};
      return PathPart === undefined ? '' : `${pathOf((ParentId as { Ref?: string }).Ref ?? '')}/${PathPart}`;
    };
    const routes = resources(template, 'AWS::ApiGateway::Method').map(([, { Properties }]) => {
      const { HttpMethod, ResourceId, AuthorizationType, AuthorizerId } = Properties;
      const path = pathOf((ResourceId as { Ref: string }).Ref);
      return [`${HttpMethod} ${path}`, AuthorizationType, flat(AuthorizerId)];
    });
    assert.deepEqual(Object.fromEntries(routes.map(([route, ...rest]) => [route, rest])), {
      'GET /credentials': ['NONE', undefined],
      'POST /credentials': ['NONE', undefined],
      'GET /credentials/{name}': ['NONE', undefined],
      'GET /mappings': ['CUSTOM', '<AuthorizerRestApi>'],
      'GET /whoami': ['CUSTOM', '<AuthorizerRestApi>'],
    });
  });

  it('hands every route to the credentials function, which answers for itself', () => {
    for (const [id, { Properties }] of resources(template, 'AWS::ApiGateway::Method')) {
      const { Type, Uri } = flat(Properties.Integration) as { Type: string; Uri: string };
      assert.equal(Type, 'AWS_PROXY', id);
      assert.match(Uri, /<CredentialsApiVendingFunction\.Arn>\/invocations$/, id);
    }
  });

  it('lets API Gateway call the credentials function from its own routes of the deployed stage only', () => {
    const sources = resources(template, 'AWS::Lambda::Permission')
      .map(([, { Properties }]) => flat(Properties) as Record<string, string>)
      .filter(({ FunctionName }) => FunctionName === '<CredentialsApiVendingFunction.Arn>')
      .map(({ SourceArn }) =>
        SourceArn?.replace(/^.*<CredentialsApi[^>]*>\/<CredentialsApiDeploymentStagev1[^>]*>/, ''),
      );
    assert.deepEqual(sources.toSorted(), [
      '/GET/credentials',
      '/GET/credentials/*',
      '/GET/mappings',
      '/GET/whoami',
      '/POST/credentials',
    ]);
  });

  it('is throttled', () => {
    const [method] = stage.MethodSettings as Record<string, unknown>[];
    assert.equal(method?.ThrottlingRateLimit, 100);
    assert.equal(method?.ThrottlingBurstLimit, 200);
  });

  it('writes no execution log and no trace of data, where headers would show', () => {
    const [method, ...more] = stage.MethodSettings as Record<string, unknown>[];
    assert.deepEqual(more, []);
    assert.equal(method?.LoggingLevel, 'OFF');
    assert.equal(method?.DataTraceEnabled, false);
    assert.equal(method?.CachingEnabled, undefined);
  });

  it('waits with its stage for the role that access logs need', () => {
    const { DependsOn } = resource(template, 'AWS::ApiGateway::Stage');
    assert.ok(DependsOn?.some((id) => id.startsWith('GatewayLogRoleAccount')));
  });

  it('leaves the log role of the account alone when the deployment says it exists', () => {
    brevetTemplate({ BREVET_GATEWAY_LOG_ROLE: 'existing' }).resourceCountIs('AWS::ApiGateway::Account', 0);
  });

  it('keeps the log role of the account when the stack goes', () => {
    assert.equal(resource(template, 'AWS::ApiGateway::Account').DeletionPolicy, 'Retain');
    assert.equal(resource(template, 'AWS::IAM::Role', 'GatewayLogRole').DeletionPolicy, 'Retain');
  });

  it('tells its address', () => {
    const { Value } = resource(template, 'AWS::SSM::Parameter', 'FactsCredentialsUrl').Properties;
    assert.match(String(flat(Value)), /^https:\/\/<CredentialsApi>\.execute-api\..*\/credentials$/);
  });
});

describe('a domain of its own', () => {
  const template = brevetTemplate({
    BREVET_DOMAIN: 'credentials.example.com',
    BREVET_CERTIFICATE_ARN: 'arn:aws:acm:eu-central-1:111122223333:certificate/5f1c1c2e-0000-4000-8000-000000000000',
  });

  it('is the only way in', () => {
    template.hasResourceProperties('AWS::ApiGateway::RestApi', { DisableExecuteApiEndpoint: true });
  });

  it('speaks TLS 1.2 or newer', () => {
    template.hasResourceProperties('AWS::ApiGateway::DomainName', {
      DomainName: 'credentials.example.com',
      SecurityPolicy: 'TLS_1_2',
      EndpointConfiguration: { Types: ['REGIONAL'] },
    });
  });

  it('serves the stage at its root', () => {
    assert.equal(resource(template, 'AWS::ApiGateway::BasePathMapping').Properties.BasePath, undefined);
    template.hasResourceProperties('AWS::SSM::Parameter', { Value: 'https://credentials.example.com/credentials' });
  });

  it('says what its DNS record has to point to', () => {
    template.hasOutput('DomainTarget', {});
  });
});
