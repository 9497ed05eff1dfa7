import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import * as ssm from 'aws-cdk-lib/aws-ssm';
import type { Construct } from 'constructs';
import { BrokeredRole, fact } from '../../lib/index.ts';

export interface TargetRolesProps extends StackProps {
  readonly environment: string;
  /** @default the fact of the Brevet of this account */
  readonly vendingRoleArn?: string;
  /** GitLab ids of the projects that may deploy. */
  readonly projectIds: readonly string[];
  /** GitLab ids of the projects the second role is for. */
  readonly otherProjectIds: readonly string[];
}

/** What the owner of a target account writes: roles that jobs may have, each pinned to the projects it is for. */
export class TargetRolesStack extends Stack {
  constructor(scope: Construct, id: string, props: TargetRolesProps) {
    super(scope, id, props);
    const vendingRoleArn = props.vendingRoleArn ?? fact(this, props.environment, 'vending-role-arn');

    const releaseChannel = new ssm.StringParameter(this, 'ReleaseChannel', {
      parameterName: `/brevet-demo/${props.environment}/release-channel`,
      stringValue: 'stable',
    });
    const deployer = new BrokeredRole(this, 'DemoDeployer', {
      roleName: 'demo-deployer',
      description: 'May read the release channel, and nothing else',
      vendingRoleArn,
      projectIds: props.projectIds,
    });
    releaseChannel.grantRead(deployer);

    const other = new BrokeredRole(this, 'OtherProject', {
      roleName: 'demo-other-project',
      description: 'Trusts another project: STS refuses the first one whatever the mapping table says',
      vendingRoleArn,
      projectIds: props.otherProjectIds,
    });

    new CfnOutput(this, 'DemoDeployerRoleArn', { value: deployer.roleArn });
    new CfnOutput(this, 'OtherProjectRoleArn', { value: other.roleArn });
    new CfnOutput(this, 'ReleaseChannelParameter', { value: releaseChannel.parameterName });
  }
}
