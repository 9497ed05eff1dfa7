import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { acknowledgeWildcard, BootstrapRoles, BrokeredRole, fact, PipelineLog } from '../../lib/index.ts';

export interface CdkPipelineProps extends StackProps {
  readonly environment: string;
  /** GitLab ids of the projects whose pipelines diff and deploy CDK apps in this account. */
  readonly projectIds: readonly string[];
  /** @default the fact of the Brevet of this account */
  readonly vendingRoleArn?: string;
  /** IAM path of the two roles, as Brevet's deployment sets it. @default '/brevet/' */
  readonly rolePath?: string;
  /** @default '/brevet/pipelines' */
  readonly logGroupName?: string;
  /** What `cdk bootstrap --qualifier` was given. @default the CDK's own */
  readonly qualifier?: string;
  /** Where the apps are deployed to. @default this stack's region */
  readonly regions?: readonly string[];
}

/** What a platform team deploys once to each account that pipelines deploy CDK apps to: two roles, and the log of their steps. */
export class CdkPipelineStack extends Stack {
  constructor(scope: Construct, id: string, props: CdkPipelineProps) {
    super(scope, id, props);
    const log = new PipelineLog(this, 'PipelineLog', { logGroupName: props.logGroupName });
    const bootstrap = new BootstrapRoles(this, 'Bootstrap', props);
    const shared = {
      vendingRoleArn: props.vendingRoleArn ?? fact(this, props.environment, 'vending-role-arn'),
      projectIds: props.projectIds,
      rolePath: props.rolePath,
    };

    // Merge requests run on branches that nobody protects and nobody has reviewed: this role may look, and its row says who may ask.
    const diff = new BrokeredRole(this, 'Diff', {
      ...shared,
      roleName: 'cdk-diff',
      description: 'Compares CDK apps with what is deployed',
      protectedRefsOnly: false,
    });
    bootstrap.grantAssume(diff, ['lookup']);

    const deploy = new BrokeredRole(this, 'Deploy', {
      ...shared,
      roleName: 'cdk-deploy',
      description: 'Deploys CDK apps, from protected refs only',
    });
    bootstrap.grantAssume(deploy, ['lookup', 'deploy', 'file-publishing', 'image-publishing']);

    for (const role of [diff, deploy]) {
      log.grantWrite(role);
      acknowledgeWildcard(role, log.ownStreamArn, 'One stream for each job: the wildcard is the id of its pipeline.');
    }

    new CfnOutput(this, 'CdkDiffRoleArn', { value: diff.roleArn });
    new CfnOutput(this, 'CdkDeployRoleArn', { value: deploy.roleArn });
    new CfnOutput(this, 'PipelineLogGroup', { value: log.logGroup.logGroupName });
  }
}
