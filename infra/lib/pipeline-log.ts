import { ArnFormat, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';

export interface PipelineLogProps {
  /** What jobs give to `brevet exec --log-group`. @default '/brevet/pipelines' */
  readonly logGroupName?: string;
  /** Who deployed what is asked long after the deployment. @default one year */
  readonly retention?: logs.RetentionDays;
  /** @default CloudWatch's own key */
  readonly encryptionKey?: kms.IKey;
}

/**
 * Where the steps of pipelines are logged: one stream for each job, `<project id>/<pipeline id>/<job id>`, written by `brevet exec` with the
 * job's own session. No job may make, read or empty the group, and it is kept when its stack is destroyed.
 */
export class PipelineLog extends Construct {
  static readonly DEFAULT_NAME = '/brevet/pipelines';

  readonly logGroup: logs.LogGroup;
  /**
   * The stream of the job whose session asks. Brevet sets both tags, from the verified token, and IAM puts them in; for a session that
   * lacks one this matches nothing. The `*` is the pipeline's id, of which there is no tag: a job is in one pipeline only.
   */
  readonly ownStreamArn: string;

  constructor(scope: Construct, id: string, props: PipelineLogProps = {}) {
    super(scope, id);
    this.logGroup = new logs.LogGroup(this, 'Log', {
      logGroupName: props.logGroupName ?? PipelineLog.DEFAULT_NAME,
      retention: props.retention ?? logs.RetentionDays.ONE_YEAR,
      encryptionKey: props.encryptionKey,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    const stream = '${aws:PrincipalTag/gitlab_project_id}/*/${aws:PrincipalTag/gitlab_job_id}';
    this.ownStreamArn = Stack.of(this).formatArn({
      service: 'logs',
      resource: 'log-group',
      resourceName: `${this.logGroup.logGroupName}:log-stream:${stream}`,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
  }

  /** Lets the sessions of a role write, each to the stream of its own job. */
  grantWrite(grantee: iam.IGrantable): iam.Grant {
    return iam.Grant.addToPrincipal({
      grantee,
      actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      resourceArns: [this.ownStreamArn],
    });
  }
}
