import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { brevetTemplate } from './support/synth.ts';
import { flat, type Resource, resource, resources, statements } from './support/template.ts';

const FUNCTIONS = ['Authorizer', 'CredentialsApiVending'];

function each(check: (properties: Record<string, unknown>, name: string) => void): void {
  const template = brevetTemplate();
  for (const name of FUNCTIONS) {
    check(resource(template, 'AWS::Lambda::Function', name).Properties, name);
  }
}

describe('every role', () => {
  const template = brevetTemplate();

  it('is free of managed policies, but for the one API Gateway insists on', () => {
    const managed = resources(template, 'AWS::IAM::Role').flatMap(([id, { Properties }]) =>
      ((Properties.ManagedPolicyArns ?? []) as unknown[]).map((arn) => [id.replace(/[0-9A-F]{8}$/, ''), flat(arn)]),
    );
    assert.deepEqual(managed, [
      ['GatewayLogRole', 'arn:<AWS::Partition>:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs'],
    ]);
  });

  it('names each action, and no resource of everything', () => {
    for (const [id, policy] of resources(template, 'AWS::IAM::Policy')) {
      const { Statement } = flat(policy.Properties.PolicyDocument) as {
        Statement: { Action: string | string[]; Resource: string | string[] }[];
      };
      for (const { Action, Resource } of Statement) {
        assert.ok(![Action].flat().some((action) => action.includes('*')), `${id}: ${Action}`);
        assert.ok(![Resource].flat().includes('*'), `${id}: ${Resource}`);
      }
    }
  });
});

describe('both functions', () => {
  it('may write to their own log and, the authorizer of verified jobs, do nothing else', () => {
    assert.deepEqual(statements(brevetTemplate(), 'AuthorizerRole'), [
      {
        Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        Effect: 'Allow',
        Resource: '<AuthorizerLog.Arn>',
      },
    ]);
  });

  it('write to a log group of their own that is kept for a year, and stays when the stack goes', () => {
    const template = brevetTemplate();
    each(({ LoggingConfig }, name) => {
      assert.deepEqual(flat(LoggingConfig), { LogGroup: `<${name}Log>` });
      const log: Resource = resource(template, 'AWS::Logs::LogGroup', `${name}Log`);
      assert.equal(log.Properties.RetentionInDays, 365);
      assert.equal(log.DeletionPolicy, 'Retain');
    });
  });

  it('run the binary that was built, on Amazon Linux 2023', () => {
    each(({ Runtime, Architectures, MemorySize }) => {
      assert.equal(Runtime, 'provided.al2023');
      assert.deepEqual(Architectures, ['x86_64']);
      assert.equal(MemorySize, 512);
    });
  });

  it('hide from a refused caller what would have matched, unless the deployment shows it', () => {
    const detail = (template: ReturnType<typeof brevetTemplate>): unknown[] =>
      FUNCTIONS.map((name) => variablesOf(template, name).DENIAL_DETAIL);
    assert.deepEqual(detail(brevetTemplate()), ['own', 'own']);
    assert.deepEqual(detail(brevetTemplate({ BREVET_DENIAL_DETAIL: 'full' })), ['full', 'full']);
  });

  it('get the environment that is written down here', () => {
    const issuers = '[{"issuer":"https://gitlab.example.com","audiences":["https://credentials.example.com"]}]';
    const shared = { TRUSTED_ISSUERS: issuers, DENIAL_DETAIL: 'own', METRICS_NAMESPACE: 'Brevet/dev' };
    assert.deepEqual(variablesOf(brevetTemplate(), 'Authorizer'), {
      ...shared,
      ROUTE_POLICY: 'authenticated',
      AUTHORIZER_RESPONSE: 'iam',
    });
    assert.deepEqual(variablesOf(brevetTemplate(), 'CredentialsApiVending'), {
      ...shared,
      ROLE_MAPPING_TABLE: '<RoleMappingsTable>',
      TOKEN_USE_TABLE: '<TokenUsesTable>',
    });
  });

  it('link the codes of refusals to the page that the deployment publishes, as the gateway does', () => {
    const page = 'https://wiki.example.com/brevet';
    const template = brevetTemplate({ BREVET_HELP_URL: page });
    assert.equal(variablesOf(template, 'CredentialsApiVending').HELP_URL, page);
    const answers = resources(template, 'AWS::ApiGateway::GatewayResponse');
    for (const [id, { Properties }] of answers) {
      const body = JSON.parse((Properties.ResponseTemplates as Record<string, string>)['application/json'] ?? '');
      assert.equal(body.help, `${page}#${body.code}`, id);
    }
    assert.ok(answers.length > 0);
  });

  it('are bounded and kept warm as the deployment says', () => {
    const template = brevetTemplate({ BREVET_RESERVED_CONCURRENCY: '50', BREVET_PROVISIONED_CONCURRENCY: '2' });
    const vending = resource(template, 'AWS::Lambda::Function', 'CredentialsApiVending');
    assert.equal(vending.Properties.ReservedConcurrentExecutions, 50);
    const warm = resource(template, 'AWS::Lambda::Alias', 'CredentialsApiVending');
    assert.deepEqual(warm.Properties.ProvisionedConcurrencyConfig, { ProvisionedConcurrentExecutions: 2 });
  });
});

function variablesOf(template: ReturnType<typeof brevetTemplate>, name: string): Record<string, unknown> {
  const { Environment } = resource(template, 'AWS::Lambda::Function', name).Properties;
  return (flat(Environment) as { Variables: Record<string, unknown> }).Variables;
}
