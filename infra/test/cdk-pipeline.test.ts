import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { Template } from 'aws-cdk-lib/assertions';
import { CdkPipelineStack } from '../examples/cdk-pipeline/cdk-pipeline-stack.ts';
import { ACCOUNT, ENV, REGION, testApp } from './support/synth.ts';
import { statements, trust } from './support/template.ts';

const pipeline = Template.fromStack(
  new CdkPipelineStack(testApp(), 'CdkPipeline-dev', { env: ENV, environment: 'dev', projectIds: ['4711'] }),
);

/** The roles that sessions of a role may go on to, and the actions they may take besides. */
function mayDo(role: string): { assume: string[]; otherwise: string[] } {
  const all = statements(pipeline, role) as { Action: string | string[]; Resource: string | string[] }[];
  return {
    assume: all.filter(({ Action }) => Action === 'sts:AssumeRole').flatMap(({ Resource }) => Resource),
    otherwise: all.filter(({ Action }) => Action !== 'sts:AssumeRole').flatMap(({ Action }) => Action),
  };
}

function bootstrapRole(purpose: string): string {
  return `arn:aws:iam::${ACCOUNT}:role/cdk-hnb659fds-${purpose}-role-${ACCOUNT}-${REGION}`;
}

describe('the role that merge requests compare with', () => {
  it('may look with the lookup role and log that it did, and nothing else', () => {
    assert.deepEqual(mayDo('DiffRole'), {
      assume: [bootstrapRole('lookup')],
      otherwise: ['logs:CreateLogStream', 'logs:PutLogEvents'],
    });
  });

  it('is pinned to its projects, whose merge requests run on unprotected branches', () => {
    const [statement, ...more] = trust(pipeline, 'DiffRole') as { Condition: unknown }[];
    assert.deepEqual(more, []);
    assert.deepEqual(statement?.Condition, { StringEquals: { 'aws:RequestTag/gitlab_project_id': ['4711'] } });
  });
});

describe('the role that pipelines deploy with', () => {
  it('may assume what the CDK deploys with, and log that it did, and has no rights of its own besides', () => {
    assert.deepEqual(mayDo('DeployRole'), {
      assume: ['deploy', 'file-publishing', 'image-publishing', 'lookup'].map(bootstrapRole),
      otherwise: ['logs:CreateLogStream', 'logs:PutLogEvents'],
    });
  });

  it('is pinned to its projects and to protected refs', () => {
    const [statement, ...more] = trust(pipeline, 'DeployRole') as { Condition: unknown }[];
    assert.deepEqual(more, []);
    assert.deepEqual(statement?.Condition, {
      StringEquals: {
        'aws:RequestTag/gitlab_project_id': ['4711'],
        'aws:RequestTag/gitlab_ref_protected': 'true',
      },
    });
  });
});

describe('the app of the pipeline roles', () => {
  it('says every fault of its settings at once', () => {
    const { status, stderr } = spawnSync(process.execPath, ['--import', 'tsx', 'examples/cdk-pipeline/app.ts'], {
      cwd: join(import.meta.dirname, '..'),
      env: { PATH: process.env.PATH, BREVET_PIPELINE_REGIONS: 'everywhere', BREVET_ROLE_PATH: '/' },
      encoding: 'utf8',
    });
    assert.equal(status, 1);
    assert.equal(
      stderr,
      `Nothing was synthesized:
  - BREVET_PIPELINE_PROJECT_IDS is missing: expected GitLab project ids with commas between them
  - BREVET_PIPELINE_REGIONS is \`everywhere\`: expected AWS regions with commas between them
  - BREVET_ROLE_PATH is \`/\`: expected an IAM path between slashes, and not \`/\`
`,
    );
  });
});
