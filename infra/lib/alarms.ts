import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import * as sns from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { CredentialsApi } from './credentials-api.ts';

export interface AlarmsProps {
  readonly api: CredentialsApi;
  readonly metricsNamespace: string;
  /** Where alarms are sent. @default nowhere: they show in the console */
  readonly topicArn?: string;
}

/** What an operator has to act on. Refusals are no alarm: they are the service at work, and SDKs repeat them. */
export class Alarms extends Construct {
  constructor(scope: Construct, id: string, props: AlarmsProps) {
    super(scope, id);
    const fiveMinutes = { period: Duration.minutes(5), statistic: 'Sum' };
    const vending = props.api.function.function;
    const alarms = [
      this.alarm('FunctionErrors', vending.metricErrors(fiveMinutes), 'the credentials function failed'),
      this.alarm('FunctionThrottles', vending.metricThrottles(fiveMinutes), 'Lambda had no room for a request'),
      this.alarm('ServerErrors', props.api.restApi.metricServerError(fiveMinutes), 'callers were answered with 5xx', 5),
      this.alarm(
        'InvalidMappings',
        new cloudwatch.Metric({
          namespace: props.metricsNamespace,
          metricName: 'InvalidMapping',
          dimensionsMap: { Function: 'credentials' },
          ...fiveMinutes,
        }),
        'a row of the role-mapping table cannot be read and denies; the function log names it',
      ),
    ];
    if (props.topicArn !== undefined) {
      const action = new SnsAction(sns.Topic.fromTopicArn(this, 'Topic', props.topicArn));
      for (const alarm of alarms) {
        alarm.addAlarmAction(action);
      }
    }
  }

  private alarm(id: string, metric: cloudwatch.IMetric, description: string, threshold = 1): cloudwatch.Alarm {
    return new cloudwatch.Alarm(this, id, {
      metric,
      threshold,
      alarmDescription: `Brevet: ${description}`,
      evaluationPeriods: 1,
      comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
    });
  }
}
