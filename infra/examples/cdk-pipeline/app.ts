import { App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { composeOrExplain, SettingReader } from '../../lib/index.ts';
import { deployment } from '../deployment.ts';
import { CdkPipelineStack } from './cdk-pipeline-stack.ts';

composeOrExplain(() => {
  const app = new App();
  const { env, environment, setting } = deployment(app);
  const read = new SettingReader(setting);
  const projectIds = read.required(
    ['BREVET_PIPELINE_PROJECT_IDS'],
    /^[1-9]\d*(,[1-9]\d*)*$/,
    'GitLab project ids with commas between them',
  );
  const regions = read.matching(
    'BREVET_PIPELINE_REGIONS',
    /^[a-z]{2}(-[a-z]+)+-\d(,[a-z]{2}(-[a-z]+)+-\d)*$/,
    'AWS regions with commas between them',
  );
  const logGroupName = read.matching('BREVET_LOG_GROUP', /^[\w./#-]{1,512}$/, 'the name of a CloudWatch log group');
  const qualifier = read.matching('BREVET_CDK_QUALIFIER', /^[A-Za-z0-9]{1,10}$/, 'the qualifier of `cdk bootstrap`');
  const rolePath = read.matching(
    'BREVET_ROLE_PATH',
    /^\/([\w+=,.@-]+\/)+$/,
    'an IAM path between slashes, and not `/`',
  );
  read.throwFaults();
  new CdkPipelineStack(app, `CdkPipeline-${environment}`, {
    env,
    environment,
    // In an account that is not Brevet's own there is no fact to read, so it has to be told.
    vendingRoleArn: setting('BREVET_VENDING_ROLE_ARN'),
    projectIds: projectIds.split(','),
    regions: regions?.split(','),
    logGroupName,
    qualifier,
    rolePath,
  });
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
});
