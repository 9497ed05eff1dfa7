import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { RoleMappings } from './role-mapping-table.ts';

export interface TeamAdministratorProps {
  readonly roleMappings: RoleMappings;
  readonly roleName: string;
  /** Scopes of projects, namespaces and groups: `gitlab.example.com/project/4711`. */
  readonly scopes: readonly string[];
}

/**
 * A role for a team that looks after its own role mappings: see `grantAdministerScopes` for what it can and cannot do. Whoever the
 * account's IAM lets assume the role may.
 */
export class TeamAdministrator extends Construct {
  readonly role: iam.Role;

  constructor(scope: Construct, id: string, props: TeamAdministratorProps) {
    super(scope, id);
    this.role = new iam.Role(this, 'Role', {
      roleName: props.roleName,
      description: `Brevet: edits the role mappings of ${props.scopes.join(', ')}`.slice(0, 1000),
      assumedBy: new iam.AccountRootPrincipal(),
    });
    props.roleMappings.grantAdministerScopes(this.role, props.scopes);
  }
}
