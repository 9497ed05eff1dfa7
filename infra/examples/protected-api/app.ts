import { App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { composeOrExplain } from '../../lib/index.ts';
import { deployment } from '../deployment.ts';
import { LedgerStack } from './ledger-stack.ts';
import { ReportsHttpStack } from './reports-http-stack.ts';
import { ReportsStack } from './reports-stack.ts';

composeOrExplain(() => {
  const app = new App();
  const { env, environment, setting } = deployment(app);
  const props = { env, environment, buildDirectory: setting('BREVET_BOOTSTRAP_DIR') };
  new ReportsStack(app, `Reports-${environment}`, props);
  new ReportsHttpStack(app, `ReportsHttp-${environment}`, props);
  new LedgerStack(app, `Ledger-${environment}`, {
    env,
    environment,
    projectIds: (setting('BREVET_DEMO_PROJECT_IDS') ?? '4711').split(','),
  });
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
});
