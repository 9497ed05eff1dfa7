import { App, Tags, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { BrevetStack } from '../lib/brevet-stack.ts';
import { readSettings } from '../lib/settings.ts';
import { composeOrExplain } from '../lib/settings-error.ts';

composeOrExplain(() => {
  const app = new App();
  const settings = readSettings((name) => app.node.tryGetContext(name) ?? process.env[name]);
  const stack = new BrevetStack(app, `Brevet-${settings.environment}`, {
    description: 'Brevet: short-lived AWS credentials for GitLab jobs',
    env: { account: settings.account, region: settings.region },
    settings,
  });
  Tags.of(stack).add('brevet:environment', settings.environment);
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
});
