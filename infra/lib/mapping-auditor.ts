import { Duration, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { BrevetFunction, type CommonFunctionOptions } from './brevet-function.ts';
import { acknowledge } from './nag.ts';
import type { RoleMappings } from './role-mapping-table.ts';

export interface MappingAuditorProps extends CommonFunctionOptions {
  /** A table whose stream is known. */
  readonly roleMappings: RoleMappings;
  /** IAM path of the roles that may be vended: a row that names another is told as an error. @default '/brevet/' */
  readonly rolePath?: string;
}

/**
 * The mapping-auditor function: every change of the table becomes a line in a log of its own, and metrics. It may follow the table's
 * stream, write its log and leave a note of what it gave up; it can neither read nor write the table.
 */
export class MappingAuditor extends Construct {
  readonly function: BrevetFunction;
  /** Notes of which records were given up, by sequence number: the records themselves are in the stream for a day. */
  readonly givenUp: sqs.Queue;

  constructor(scope: Construct, id: string, props: MappingAuditorProps) {
    super(scope, id);
    const { streamArn } = props.roleMappings;
    if (streamArn === undefined) {
      throw new Error(`${this.node.path}: the stream of the table of role mappings is not known here`);
    }

    this.function = new BrevetFunction(this, 'Function', {
      ...props,
      description: 'Brevet: tells every change of the role mappings',
      // It calls nobody, and people edit no table faster than the smallest function reads.
      memorySize: props.memorySize ?? 128,
      environment: { ROLE_PATH: props.rolePath ?? '/brevet/', BREVET_ACCOUNT: Stack.of(this).account },
    });
    this.givenUp = new sqs.Queue(this, 'GivenUp', {
      encryption: sqs.QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    });
    acknowledge(
      this.givenUp,
      'AwsSolutions-SQS3',
      'This queue is the end of the line: people read it, and no consumer can fail.',
    );

    const changes = new lambda.EventSourceMapping(this, 'Changes', {
      target: this.function.function,
      eventSourceArn: streamArn,
      // What changed before the mapping was ready is told as well.
      startingPosition: lambda.StartingPosition.TRIM_HORIZON,
      batchSize: 100,
      // The function names the record it could not log, and Lambda comes back with that one. Where it fails without naming one, batches
      // are halved, and what still fails is given up rather than hold up everything behind it.
      reportBatchItemFailures: true,
      bisectBatchOnError: true,
      retryAttempts: 5,
      onFailure: { bind: () => ({ destination: this.givenUp.queueArn }) },
    });
    // Lambda looks at the role's permissions when the mapping is made.
    props.roleMappings.grantReadChanges(this.function).applyBefore(changes);
    this.grantGiveUp().applyBefore(changes);
  }

  private grantGiveUp(): iam.Grant {
    return iam.Grant.addToPrincipal({
      grantee: this.function,
      actions: ['sqs:SendMessage'],
      resourceArns: [this.givenUp.queueArn],
    });
  }
}
