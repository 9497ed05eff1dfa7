import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { fact } from './facts.ts';
import { MappingGrants } from './mapping-grants.ts';

/** Role mappings, wherever the table was made. */
export interface RoleMappings extends Pick<MappingGrants, keyof MappingGrants> {
  readonly tableName: string;
}

export interface RoleMappingTableProps {
  /** @default a key that DynamoDB owns */
  readonly encryptionKey?: kms.IKey;
}

/**
 * The table platform admins edit: who may have which role. Whoever can write to it is an admin of every role Brevet may assume,
 * so it keeps its history (point-in-time recovery, a stream of both images) and survives the stack.
 */
export class RoleMappingTable extends Construct implements RoleMappings {
  /** The table of a Brevet deployed by someone else in this account and region. */
  static fromFacts(scope: Construct, environment: string): RoleMappings {
    return new ExistingTable(
      fact(scope, environment, 'mapping-table-name'),
      fact(scope, environment, 'mapping-table-arn'),
    );
  }

  /** A table of this account and region by its name: the one that stayed when its stack went. */
  static fromTableName(scope: Construct, tableName: string, streamArn?: string): RoleMappings {
    const tableArn = Stack.of(scope).formatArn({ service: 'dynamodb', resource: 'table', resourceName: tableName });
    return new ExistingTable(tableName, tableArn, streamArn);
  }

  readonly table: dynamodb.Table;
  private readonly grants: MappingGrants;

  constructor(scope: Construct, id: string, props: RoleMappingTableProps = {}) {
    super(scope, id);
    this.table = new dynamodb.Table(this, 'Table', {
      partitionKey: { name: 'scope', type: dynamodb.AttributeType.STRING },
      sortKey: { name: 'name', type: dynamodb.AttributeType.STRING },
      billingMode: dynamodb.BillingMode.PAY_PER_REQUEST,
      encryption: props.encryptionKey ? dynamodb.TableEncryption.CUSTOMER_MANAGED : dynamodb.TableEncryption.DEFAULT,
      encryptionKey: props.encryptionKey,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      stream: dynamodb.StreamViewType.NEW_AND_OLD_IMAGES,
      deletionProtection: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    this.grants = new MappingGrants(this.table.tableArn, this.table.tableStreamArn);
  }

  get tableName(): string {
    return this.table.tableName;
  }

  get tableArn(): string {
    return this.table.tableArn;
  }

  get streamArn(): string | undefined {
    return this.table.tableStreamArn;
  }

  grantReadMappings(grantee: iam.IGrantable): iam.Grant {
    return this.grants.grantReadMappings(grantee);
  }

  grantReviewMappings(grantee: iam.IGrantable): iam.Grant {
    return this.grants.grantReviewMappings(grantee);
  }

  grantEditMappings(grantee: iam.IGrantable): iam.Grant {
    return this.grants.grantEditMappings(grantee);
  }

  grantAdministerScopes(grantee: iam.IGrantable, scopes: readonly string[]): iam.Grant {
    return this.grants.grantAdministerScopes(grantee, scopes);
  }

  grantReadChanges(grantee: iam.IGrantable): iam.Grant {
    return this.grants.grantReadChanges(grantee);
  }
}

class ExistingTable extends MappingGrants implements RoleMappings {
  constructor(
    readonly tableName: string,
    tableArn: string,
    streamArn?: string,
  ) {
    super(tableArn, streamArn);
  }
}
