import type { App, Stack } from 'aws-cdk-lib';
import { CdkPipelineStack } from '../../examples/cdk-pipeline/cdk-pipeline-stack.ts';
import { LedgerStack } from '../../examples/protected-api/ledger-stack.ts';
import { ReportsHttpStack } from '../../examples/protected-api/reports-http-stack.ts';
import { ReportsStack } from '../../examples/protected-api/reports-stack.ts';
import { TargetRolesStack } from '../../examples/target-roles/target-roles-stack.ts';
import { BrevetStack } from '../../lib/brevet-stack.ts';
import { readSettings } from '../../lib/settings.ts';
import { BINARIES, ENV, variables } from './synth.ts';

const EVERY_OPTION = {
  BREVET_ENVIRONMENT: 'prod',
  BREVET_KMS: 'true',
  BREVET_TABLE_TRAIL: 'true',
  BREVET_TEAMS: '{"payments":["gitlab.example.com/project/4711","gitlab.example.com/group/nordwind/payments"]}',
  BREVET_SUDDEN_CHANGES: '200',
  BREVET_DOMAIN: 'credentials.example.com',
  BREVET_CERTIFICATE_ARN: 'arn:aws:acm:eu-central-1:111122223333:certificate/5f1c1c2e-0000-4000-8000-000000000000',
  BREVET_STS_ORG_ID: 'o-a1b2c3d4e5',
  BREVET_GATEWAY_LOG_ROLE: 'existing',
  BREVET_ALARM_TOPIC_ARN: 'arn:aws:sns:eu-central-1:111122223333:operators',
  BREVET_RESERVED_CONCURRENCY: '50',
  BREVET_PROVISIONED_CONCURRENCY: '2',
};

/** Every stack there is: Brevet with and without its options, and the examples. Small changes are for `brevet` of `synth.ts`. */
export function allStacks(app: App): readonly Stack[] {
  const example = { env: ENV, environment: 'dev', buildDirectory: BINARIES };
  return [
    new BrevetStack(app, 'Brevet-dev', { env: ENV, settings: readSettings(variables()) }),
    new BrevetStack(app, 'Brevet-prod', { env: ENV, settings: readSettings(variables(EVERY_OPTION)) }),
    new ReportsStack(app, 'Reports-dev', example),
    new ReportsHttpStack(app, 'ReportsHttp-dev', example),
    new LedgerStack(app, 'Ledger-dev', { ...example, projectIds: ['4711'] }),
    new CdkPipelineStack(app, 'CdkPipeline-dev', { ...example, projectIds: ['4711'] }),
    new TargetRolesStack(app, 'TargetRoles-dev', { ...example, projectIds: ['4711'], otherProjectIds: ['4712'] }),
  ];
}
