import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import * as sns from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';

export interface OperatorAlarmProps {
  readonly metric: cloudwatch.IMetric;
  /** What happened, as a sentence begins. */
  readonly description: string;
  /** How much of it is too much. @default 1 */
  readonly threshold?: number;
  /** While nothing is measured. @default 'notBreaching': all is well */
  readonly whileMissing?: cloudwatch.TreatMissingData;
}

/** An alarm as soon as a metric reaches its threshold. */
export class OperatorAlarm extends cloudwatch.Alarm {
  constructor(scope: Construct, id: string, props: OperatorAlarmProps) {
    super(scope, id, {
      metric: props.metric,
      threshold: props.threshold ?? 1,
      alarmDescription: `Brevet: ${props.description}`,
      evaluationPeriods: 1,
      comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: props.whileMissing ?? cloudwatch.TreatMissingData.NOT_BREACHING,
    });
  }
}

/** Sends alarms to a topic, or nowhere: then they show in the console. */
export function notify(scope: Construct, topicArn: string | undefined, alarms: readonly OperatorAlarm[]): void {
  if (topicArn !== undefined) {
    const action = new SnsAction(sns.Topic.fromTopicArn(scope, 'Topic', topicArn));
    for (const alarm of alarms) {
      alarm.addAlarmAction(action);
    }
  }
}
