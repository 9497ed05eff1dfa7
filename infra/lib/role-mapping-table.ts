import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { fact } from './facts.ts';

/** Role mappings as a function reads them, wherever the table was made. */
export interface RoleMappings {
  readonly tableName: string;
  readonly tableArn: string;
  /** May look rows up by key and by scope; may not scan, and may not write. */
  grantReadMappings(grantee: iam.IGrantable): iam.Grant;
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
    return existing(fact(scope, environment, 'mapping-table-name'), fact(scope, environment, 'mapping-table-arn'));
  }

  /** A table of this account and region by its name: the one that stayed when its stack went. */
  static fromTableName(scope: Construct, tableName: string): RoleMappings {
    return existing(
      tableName,
      Stack.of(scope).formatArn({ service: 'dynamodb', resource: 'table', resourceName: tableName }),
    );
  }

  readonly table: dynamodb.Table;

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
  }

  get tableName(): string {
    return this.table.tableName;
  }

  get tableArn(): string {
    return this.table.tableArn;
  }

  grantReadMappings(grantee: iam.IGrantable): iam.Grant {
    return grantRead(grantee, this.tableArn);
  }

  /**
   * May read and edit rows, one at a time. Given `scopes`, only rows of exactly these scopes (`gitlab.example.com/project/4711`),
   * which is how a platform team hands a group its own rows.
   */
  grantEditMappings(grantee: iam.IGrantable, scopes?: readonly string[]): iam.Grant {
    return iam.Grant.addToPrincipal({
      grantee,
      actions: [
        'dynamodb:GetItem',
        'dynamodb:BatchGetItem',
        'dynamodb:Query',
        'dynamodb:PutItem',
        'dynamodb:UpdateItem',
        'dynamodb:DeleteItem',
      ],
      resourceArns: [this.tableArn],
      conditions: scopes ? { 'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': scopes } } : undefined,
    });
  }
}

function existing(tableName: string, tableArn: string): RoleMappings {
  return { tableName, tableArn, grantReadMappings: (grantee) => grantRead(grantee, tableArn) };
}

function grantRead(grantee: iam.IGrantable, tableArn: string): iam.Grant {
  return iam.Grant.addToPrincipal({
    grantee,
    actions: ['dynamodb:BatchGetItem', 'dynamodb:Query'],
    resourceArns: [tableArn],
  });
}
