import { Aws } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { BrevetFunction, type BrevetFunctionOptions } from './brevet-function.ts';
import { acknowledge } from './nag.ts';
import type { RoleMappings } from './role-mapping-table.ts';
import type { TokenUseTable } from './token-use-table.ts';

export interface VendingFunctionProps extends BrevetFunctionOptions {
  readonly roleMappings: RoleMappings;
  readonly tokenUses: TokenUseTable;
  /** IAM path of the roles that may be vended, in any account. @default '/brevet/' */
  readonly rolePath?: string;
  /** Name of the function's own role, which the trust policies of other accounts spell out. @default CloudFormation makes one up */
  readonly vendingRoleName?: string;
  /** Vend roles of this organization only. @default no such bound */
  readonly organizationId?: string;
  /** The page that explains each code of a refusal below a heading of its name. @default the page among Brevet's own documents */
  readonly helpUrl?: string;
}

/**
 * The credentials function. Its role is what target accounts trust, and it may do three things: read role mappings, count uses of a
 * token, and assume roles of one path. A row that names any other role fails in IAM, whoever wrote it.
 */
export class VendingFunction extends BrevetFunction {
  constructor(scope: Construct, id: string, props: VendingFunctionProps) {
    super(scope, id, {
      ...props,
      description: 'Brevet: trades a GitLab ID token for AWS credentials',
      roleName: props.vendingRoleName,
      environment: {
        ROLE_MAPPING_TABLE: props.roleMappings.tableName,
        TOKEN_USE_TABLE: props.tokenUses.tableName,
        ...(props.helpUrl === undefined ? {} : { HELP_URL: props.helpUrl }),
      },
    });
    props.roleMappings.grantReadMappings(this);
    props.tokenUses.grantCountUses(this);
    this.grantVending(props.rolePath ?? '/brevet/', props.organizationId);
  }

  private grantVending(rolePath: string, organizationId: string | undefined): void {
    const roles = `iam::*:role${rolePath}*`;
    // Within one account a trust policy that names this role is enough for IAM, whatever is granted here; a denial holds against that.
    this.role.addToPolicy(
      new iam.PolicyStatement({
        effect: iam.Effect.DENY,
        actions: ['sts:AssumeRole'],
        notResources: [`arn:${Aws.PARTITION}:${roles}`],
      }),
    );
    iam.Grant.addToPrincipal({
      grantee: this,
      // SetSourceIdentity is for mappings that ask for it; a target role has to allow each of the three as well.
      actions: ['sts:AssumeRole', 'sts:TagSession', 'sts:SetSourceIdentity'],
      resourceArns: [`arn:${Aws.PARTITION}:${roles}`],
      conditions: organizationId ? { StringEquals: { 'aws:ResourceOrgID': organizationId } } : undefined,
    });
    acknowledge(
      this.role,
      `AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:${roles}]`,
      'Roles of one path in any account: each target role decides by its own trust policy, and rows of the table name the roles.',
    );
  }
}
