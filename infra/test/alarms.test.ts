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
    ]);
  });

  it('read the metric of broken rows as the credentials function writes it', () => {
    brevetTemplate().hasResourceProperties('AWS::CloudWatch::Alarm', {
      MetricName: 'InvalidMapping',
      Dimensions: [{ Name: 'Function', Value: 'credentials' }],
      TreatMissingData: 'notBreaching',
    });
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
