import { App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { deployment } from '../deployment.ts';
import { TargetRolesStack } from './target-roles-stack.ts';

const app = new App();
const { env, environment, setting } = deployment(app);
new TargetRolesStack(app, `TargetRoles-${environment}`, {
  env,
  environment,
  // In an account that is not Brevet's own there is no fact to read, so it has to be told.
  vendingRoleArn: setting('BREVET_VENDING_ROLE_ARN'),
  projectIds: (setting('BREVET_DEMO_PROJECT_IDS') ?? '4711').split(','),
  otherProjectIds: (setting('BREVET_DEMO_OTHER_PROJECT_IDS') ?? '4712').split(','),
});
Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
