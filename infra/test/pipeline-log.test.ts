import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { PipelineLog, type PipelineLogProps } from '../lib/pipeline-log.ts';
import { testStack } from './support/synth.ts';
import { resource, statements } from './support/template.ts';

function log(props: PipelineLogProps = {}): Template {
  const stack = testStack();
  const role = new iam.Role(stack, 'Job', { assumedBy: new iam.AccountRootPrincipal() });
  new PipelineLog(stack, 'Steps', props).grantWrite(role);
  return Template.fromStack(stack);
}

describe('the log of pipeline steps', () => {
  it('lets a session write nothing but the stream of its own project and job', () => {
    assert.deepEqual(statements(log(), 'Job'), [
      {
        Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        Effect: 'Allow',
        Resource:
          'arn:aws:logs:eu-central-1:111122223333:log-group:<StepsLog>:log-stream:' +
          '${aws:PrincipalTag/gitlab_project_id}/*/${aws:PrincipalTag/gitlab_job_id}',
      },
    ]);
  });

  it('has the name that pipelines look for, and keeps a year', () => {
    const { LogGroupName, RetentionInDays } = resource(log(), 'AWS::Logs::LogGroup').Properties;
    assert.deepEqual([LogGroupName, RetentionInDays], ['/brevet/pipelines', 365]);
  });

  it('may be called and kept otherwise', () => {
    const other = log({ logGroupName: '/deployments', retention: RetentionDays.TEN_YEARS });
    const { LogGroupName, RetentionInDays } = resource(other, 'AWS::Logs::LogGroup').Properties;
    assert.deepEqual([LogGroupName, RetentionInDays], ['/deployments', 3653]);
  });

  it('outlives its stack, as a record of who deployed', () => {
    const { DeletionPolicy, UpdateReplacePolicy } = resource(log(), 'AWS::Logs::LogGroup');
    assert.deepEqual([DeletionPolicy, UpdateReplacePolicy], ['Retain', 'Retain']);
  });
});
