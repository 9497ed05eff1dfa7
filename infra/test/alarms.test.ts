import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { brevetTemplate } from './support/synth.ts';
import { resources } from './support/template.ts';

const TOPIC = 'arn:aws:sns:eu-central-1:111122223333:operators';

describe('alarms', () => {
  it('watch what an operator has to act on, and no refusal', () => {
    const metrics = resources(brevetTemplate(), 'AWS::CloudWatch::Alarm').map(([, { Properties }]) => [
      Properties.Namespace,
      Properties.MetricName,
    ]);
    assert.deepEqual(metrics, [
      ['AWS/Lambda', 'Errors'],
      ['AWS/Lambda', 'Throttles'],
      ['AWS/ApiGateway', '5XXError'],
      ['Brevet/dev', 'InvalidMapping'],
      ['Brevet/dev', 'InvalidMappingWritten'],
      ['Brevet/dev', 'DenyRowRemoved'],
      ['Brevet/dev', 'MappingsChanged'],
      ['Brevet/dev', 'FreezeInForce'],
      ['Brevet/dev', 'TemporaryAccessGiven'],
      ['Brevet/dev', 'PoisonRecord'],
      ['AWS/Lambda', 'Errors'],
      ['AWS/Lambda', 'IteratorAge'],
      ['AWS/SQS', 'ApproximateNumberOfMessagesVisible'],
    ]);
  });

  it('read the metric of broken rows as the credentials function writes it', () => {
    brevetTemplate().hasResourceProperties('AWS::CloudWatch::Alarm', {
      MetricName: 'InvalidMapping',
      Dimensions: [{ Name: 'Function', Value: 'credentials' }],
      TreatMissingData: 'notBreaching',
    });
  });

  it('read what the mapping auditor counts as it writes it', () => {
    const counted = resources(brevetTemplate(), 'AWS::CloudWatch::Alarm').filter(([id]) =>
      id.startsWith('MappingAlarms'),
    );
    for (const [id, { Properties }] of counted.filter(([, { Properties }]) => Properties.Namespace === 'Brevet/dev')) {
      assert.deepEqual(Properties.Dimensions, [{ Name: 'Function', Value: 'mapping-auditor' }], id);
    }
  });

  it('stay with a freeze until its end is measured', () => {
    brevetTemplate().hasResourceProperties('AWS::CloudWatch::Alarm', {
      MetricName: 'FreezeInForce',
      Statistic: 'Maximum',
      TreatMissingData: 'ignore',
    });
  });

  it('call changes sudden where the deployment says so', () => {
    for (const [changes, threshold] of [
      [undefined, 50],
      ['200', 200],
    ] as const) {
      brevetTemplate({ BREVET_SUDDEN_CHANGES: changes }).hasResourceProperties('AWS::CloudWatch::Alarm', {
        MetricName: 'MappingsChanged',
        Threshold: threshold,
        Period: 300,
      });
    }
  });

  it('are sent to the topic of the deployment, or nowhere', () => {
    for (const [topic, actions] of [
      [undefined, undefined],
      [TOPIC, [TOPIC]],
    ] as const) {
      for (const [id, { Properties }] of resources(
        brevetTemplate({ BREVET_ALARM_TOPIC_ARN: topic }),
        'AWS::CloudWatch::Alarm',
      )) {
        assert.deepEqual(Properties.AlarmActions, actions, id);
      }
    }
  });
});
