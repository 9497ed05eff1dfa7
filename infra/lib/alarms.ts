import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import type { CredentialsApi } from './credentials-api.ts';
import { notify, OperatorAlarm } from './operator-alarm.ts';

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
    notify(this, props.topicArn, [
      new OperatorAlarm(this, 'FunctionErrors', {
        metric: vending.metricErrors(fiveMinutes),
        description: 'the credentials function failed',
      }),
      new OperatorAlarm(this, 'FunctionThrottles', {
        metric: vending.metricThrottles(fiveMinutes),
        description: 'Lambda had no room for a request',
      }),
      new OperatorAlarm(this, 'ServerErrors', {
        metric: props.api.restApi.metricServerError(fiveMinutes),
        description: 'callers were answered with 5xx',
        threshold: 5,
      }),
      new OperatorAlarm(this, 'InvalidMappings', {
        metric: new cloudwatch.Metric({
          namespace: props.metricsNamespace,
          metricName: 'InvalidMapping',
          dimensionsMap: { Function: 'credentials' },
          ...fiveMinutes,
        }),
        description: 'a row of the role-mapping table cannot be read and denies; the function log names it',
      }),
    ]);
  }
}
