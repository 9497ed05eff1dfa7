import { Duration } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';

export interface BrokeredRoleProps {
  /** The role's name below `rolePath`, as `role_arn` of a mapping spells it. */
  readonly roleName: string;
  /** ARN of the role of Brevet's credentials function: the fact `vending-role-arn`. */
  readonly vendingRoleArn: string;
  /** GitLab ids of the projects that may have this role, whatever a row of the mapping table says. At least one. */
  readonly projectIds: readonly string[];
  /** Whether only jobs on protected refs may have it, whatever a row says. @default true */
  readonly protectedRefsOnly?: boolean;
  /** IAM path, as Brevet's deployment sets it. @default '/brevet/' */
  readonly rolePath?: string;
  /** Brevet's own sessions are chained, which STS caps at an hour. @default one hour */
  readonly maxSessionDuration?: Duration;
  readonly permissionsBoundary?: iam.IManagedPolicy;
  readonly description?: string;
}

/**
 * A role for jobs, in any account, with the trust policy that goes with Brevet. The project ids and the protection of the ref are
 * pinned here as well as in the mapping table, so that one bad row cannot open the role: both owners have to agree.
 */
export class BrokeredRole extends Construct implements iam.IGrantable {
  readonly role: iam.Role;
  readonly grantPrincipal: iam.IPrincipal;

  constructor(scope: Construct, id: string, props: BrokeredRoleProps) {
    super(scope, id);
    if (props.projectIds.length === 0 || !props.projectIds.every((projectId) => /^[1-9][0-9]*$/.test(projectId))) {
      throw new Error(`${this.node.path}: \`projectIds\` must be GitLab project ids, and at least one`);
    }
    const vendor = new iam.ArnPrincipal(props.vendingRoleArn);
    this.role = new iam.Role(this, 'Role', {
      roleName: props.roleName,
      path: props.rolePath ?? '/brevet/',
      description: props.description,
      assumedBy: new iam.SessionTagsPrincipal(vendor).withConditions({ StringEquals: pins(props) }),
      maxSessionDuration: props.maxSessionDuration ?? Duration.hours(1),
      permissionsBoundary: props.permissionsBoundary,
    });
    this.grantPrincipal = this.role;
  }

  get roleArn(): string {
    return this.role.roleArn;
  }
}

/** What the session tags must say. A tag that is absent equals nothing, so a session without tags is refused. */
function pins(props: BrokeredRoleProps): Record<string, string | string[]> {
  return {
    'aws:RequestTag/gitlab_project_id': [...props.projectIds],
    ...((props.protectedRefsOnly ?? true) ? { 'aws:RequestTag/gitlab_ref_protected': 'true' } : {}),
  };
}
