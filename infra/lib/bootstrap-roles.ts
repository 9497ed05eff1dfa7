import { Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';

/** What a role of `cdk bootstrap` is for. */
export type BootstrapPurpose = 'lookup' | 'deploy' | 'file-publishing' | 'image-publishing';

export interface BootstrapRolesProps {
  /** What `cdk bootstrap --qualifier` was given. @default the CDK's own, 'hnb659fds' */
  readonly qualifier?: string;
  /** @default the stack's region */
  readonly regions?: readonly string[];
}

/** The roles that `cdk bootstrap` made in this account, which the CDK's command line assumes for each thing it does. */
export class BootstrapRoles extends Construct {
  private readonly qualifier: string;
  private readonly regions: readonly string[];

  constructor(scope: Construct, id: string, props: BootstrapRolesProps = {}) {
    super(scope, id);
    this.qualifier = props.qualifier ?? 'hnb659fds';
    this.regions = props.regions ?? [Stack.of(this).region];
  }

  /**
   * Lets a role go on to the bootstrap roles of these purposes. `sts:TagSession` is left out: the tags of Brevet's sessions end with the
   * session, and the CDK sends none of its own unless an app asks for them.
   */
  grantAssume(grantee: iam.IGrantable, purposes: readonly BootstrapPurpose[]): iam.Grant {
    return iam.Grant.addToPrincipal({
      grantee,
      actions: ['sts:AssumeRole'],
      resourceArns: this.regions.flatMap((region) => purposes.map((purpose) => this.roleArn(purpose, region))),
    });
  }

  private roleArn(purpose: BootstrapPurpose, region: string): string {
    const { account } = Stack.of(this);
    return Stack.of(this).formatArn({
      service: 'iam',
      region: '',
      resource: 'role',
      resourceName: `cdk-${this.qualifier}-${purpose}-role-${account}-${region}`,
    });
  }
}
