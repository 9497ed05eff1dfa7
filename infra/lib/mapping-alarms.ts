import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import type { MappingAuditor } from './mapping-auditor.ts';
import { notify, OperatorAlarm } from './operator-alarm.ts';

export interface MappingAlarmsProps {
  readonly auditor: MappingAuditor;
  readonly metricsNamespace: string;
  /** How many changes within five minutes are sudden. @default 50 */
  readonly suddenChanges?: number;
  /** Where alarms are sent. @default nowhere: they show in the console */
  readonly topicArn?: string;
}

/** What an admin of the role mappings has to look at, and what would keep it from being told. The auditor's log says which rows. */
export class MappingAlarms extends Construct {
  constructor(scope: Construct, id: string, props: MappingAlarmsProps) {
    super(scope, id);
    const { auditor } = props;
    const auditing = auditor.function.function;
    const counted = (metricName: string, options: cloudwatch.MetricOptions = {}): cloudwatch.Metric =>
      new cloudwatch.Metric({
        namespace: props.metricsNamespace,
        metricName,
        dimensionsMap: { Function: 'mapping-auditor' },
        period: Duration.minutes(1),
        statistic: 'Sum',
        ...options,
      });

    notify(this, props.topicArn, [
      new OperatorAlarm(this, 'InvalidRowWritten', {
        metric: counted('InvalidMappingWritten'),
        description: 'a row was written that cannot be read and denies',
      }),
      new OperatorAlarm(this, 'DenyRowRemoved', {
        metric: counted('DenyRowRemoved'),
        description: 'a row that kept jobs out is gone, switched off or turned round',
      }),
      new OperatorAlarm(this, 'SuddenChanges', {
        metric: counted('MappingsChanged', { period: Duration.minutes(5) }),
        description: 'many role mappings changed at once',
        threshold: props.suddenChanges ?? 50,
      }),
      // One and zero, written as a freeze begins and ends: between them nothing is measured, and the alarm stays as it is.
      new OperatorAlarm(this, 'FreezeInForce', {
        metric: counted('FreezeInForce', { statistic: 'Maximum' }),
        description: 'a freeze is in force; `brevet report` names it',
        whileMissing: cloudwatch.TreatMissingData.IGNORE,
      }),
      new OperatorAlarm(this, 'TemporaryAccessGiven', {
        metric: counted('TemporaryAccessGiven'),
        description: 'somebody was let in for a time, as in an emergency; `brevet report` lists rows that end',
      }),
      new OperatorAlarm(this, 'PoisonRecord', {
        metric: counted('PoisonRecord'),
        description: 'a change of a role mapping could not be read and was passed over',
      }),
      new OperatorAlarm(this, 'AuditorErrors', {
        metric: auditing.metricErrors({ period: Duration.minutes(5), statistic: 'Sum' }),
        description: 'the mapping auditor failed; the batch is tried again',
      }),
      new OperatorAlarm(this, 'AuditorLate', {
        metric: auditing.metric('IteratorAge', { period: Duration.minutes(1), statistic: 'Maximum' }),
        description: 'changes of role mappings are audited more than five minutes late',
        threshold: Duration.minutes(5).toMilliseconds(),
      }),
      new OperatorAlarm(this, 'ChangesGivenUp', {
        metric: auditor.givenUp.metricApproximateNumberOfMessagesVisible({
          period: Duration.minutes(5),
          statistic: 'Maximum',
        }),
        description: 'changes of role mappings were not audited; the queue names them',
      }),
    ]);
  }
}
