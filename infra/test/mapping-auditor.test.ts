import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { brevetTemplate } from './support/synth.ts';
import { flat, resource, statements } from './support/template.ts';

describe('the mapping auditor', () => {
  const template = brevetTemplate();
  const changes = resource(template, 'AWS::Lambda::EventSourceMapping');

  it('may follow the stream, write its log and note what it gave up, and can do nothing to the table', () => {
    assert.deepEqual(statements(template, 'MappingAuditorFunctionRole'), [
      {
        Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        Effect: 'Allow',
        Resource: '<MappingAuditorFunctionLog.Arn>',
      },
      {
        Action: ['dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator', 'dynamodb:ListStreams'],
        Effect: 'Allow',
        Resource: '<RoleMappingsTable.StreamArn>',
      },
      { Action: 'sqs:SendMessage', Effect: 'Allow', Resource: '<MappingAuditorGivenUp.Arn>' },
    ]);
  });

  it('may do the same and no more with a customer-managed key', () => {
    assert.deepEqual(
      statements(brevetTemplate({ BREVET_KMS: 'true' }), 'MappingAuditorFunctionRole'),
      statements(template, 'MappingAuditorFunctionRole'),
    );
  });

  it('is told every change from the first on, in order, without waiting for more', () => {
    const { Properties } = changes;
    assert.deepEqual(flat(Properties.EventSourceArn), '<RoleMappingsTable.StreamArn>');
    assert.equal(Properties.StartingPosition, 'TRIM_HORIZON');
    assert.equal(Properties.FilterCriteria, undefined);
    assert.equal(Properties.ParallelizationFactor, undefined);
    assert.equal(Properties.MaximumBatchingWindowInSeconds, undefined);
  });

  it('comes back to the record it could not log, and is held up by none for ever', () => {
    const { Properties } = changes;
    assert.deepEqual(Properties.FunctionResponseTypes, ['ReportBatchItemFailures']);
    assert.equal(Properties.BisectBatchOnFunctionError, true);
    assert.equal(Properties.MaximumRetryAttempts, 5);
    assert.deepEqual(flat(Properties.DestinationConfig), { OnFailure: { Destination: '<MappingAuditorGivenUp.Arn>' } });
  });

  it('is made after its permissions, which Lambda looks at then', () => {
    const policies = (changes.DependsOn ?? []).filter((id) => id.startsWith('MappingAuditorFunctionRoleDefaultPolicy'));
    assert.equal(policies.length, 1);
  });

  it('notes what it gave up in a queue that takes nothing over plain HTTP, for two weeks', () => {
    const { Properties } = resource(template, 'AWS::SQS::Queue');
    assert.equal(Properties.MessageRetentionPeriod, 14 * 24 * 3600);
    assert.equal(Properties.SqsManagedSseEnabled, true);
    const { PolicyDocument } = resource(template, 'AWS::SQS::QueuePolicy').Properties;
    const [deny] = (flat(PolicyDocument) as { Statement: Record<string, unknown>[] }).Statement;
    assert.deepEqual([deny?.Effect, deny?.Condition], ['Deny', { Bool: { 'aws:SecureTransport': 'false' } }]);
  });

  it('gets the environment that is written down here, and no issuers: it sees no token', () => {
    const { Environment } = resource(template, 'AWS::Lambda::Function', 'MappingAuditor').Properties;
    assert.deepEqual(flat(Environment), {
      Variables: { METRICS_NAMESPACE: 'Brevet/dev', ROLE_PATH: '/brevet/', BREVET_ACCOUNT: '111122223333' },
    });
  });

  it('logs to a group of its own that is kept for a year, and stays when the stack goes', () => {
    const log = resource(template, 'AWS::Logs::LogGroup', 'MappingAuditorFunctionLog');
    assert.equal(log.Properties.RetentionInDays, 365);
    assert.equal(log.DeletionPolicy, 'Retain');
  });
});
