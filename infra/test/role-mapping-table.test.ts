import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import { EncryptionKey } from '../lib/encryption-key.ts';
import { RoleMappingTable } from '../lib/role-mapping-table.ts';
import { brevetTemplate, testStack } from './support/synth.ts';
import { flat, resource, resources, statements } from './support/template.ts';

const STREAM = 'arn:aws:dynamodb:eu-central-1:111122223333:table/Brevet-dev-kept/stream/2026-11-01T09:00:00.000';

function tableWith(use?: (table: RoleMappingTable, role: iam.Role) => void): Template {
  const stack = testStack();
  const table = new RoleMappingTable(stack, 'RoleMappings');
  use?.(table, new iam.Role(stack, 'Grantee', { assumedBy: new iam.AccountRootPrincipal() }));
  return Template.fromStack(stack);
}

describe('the role-mapping table', () => {
  it('survives the stack, a replacement and a delete by mistake', () => {
    const table = resource(tableWith(), 'AWS::DynamoDB::Table');
    assert.equal(table.DeletionPolicy, 'Retain');
    assert.equal(table.UpdateReplacePolicy, 'Retain');
    assert.equal(table.Properties.DeletionProtectionEnabled, true);
    assert.deepEqual(table.Properties.PointInTimeRecoverySpecification, { PointInTimeRecoveryEnabled: true });
  });

  it('tells every change with the images before and after', () => {
    const { StreamSpecification } = resource(tableWith(), 'AWS::DynamoDB::Table').Properties;
    assert.deepEqual(StreamSpecification, { StreamViewType: 'NEW_AND_OLD_IMAGES' });
  });

  it('has the key the functions look rows up by, and nothing to provision', () => {
    const { KeySchema, AttributeDefinitions, BillingMode } = resource(tableWith(), 'AWS::DynamoDB::Table').Properties;
    assert.deepEqual(KeySchema, [
      { AttributeName: 'scope', KeyType: 'HASH' },
      { AttributeName: 'name', KeyType: 'RANGE' },
    ]);
    assert.deepEqual(AttributeDefinitions, [
      { AttributeName: 'scope', AttributeType: 'S' },
      { AttributeName: 'name', AttributeType: 'S' },
    ]);
    assert.equal(BillingMode, 'PAY_PER_REQUEST');
  });

  it('never lets rows expire by themselves, which would remove a deny', () => {
    assert.equal(resource(tableWith(), 'AWS::DynamoDB::Table').Properties.TimeToLiveSpecification, undefined);
  });

  it('is encrypted with the key it is given', () => {
    const stack = testStack();
    new RoleMappingTable(stack, 'RoleMappings', { encryptionKey: new EncryptionKey(stack, 'Key') });
    const { SSESpecification } = resource(Template.fromStack(stack), 'AWS::DynamoDB::Table').Properties;
    assert.deepEqual(flat(SSESpecification), { KMSMasterKeyId: '<Key.Arn>', SSEEnabled: true, SSEType: 'KMS' });
  });
});

describe('the table that stayed when its stack went', () => {
  const template = brevetTemplate({
    BREVET_MAPPING_TABLE: 'Brevet-dev-kept',
    BREVET_MAPPING_STREAM_ARN: STREAM,
  });

  it('is used again, and no second one is made', () => {
    const tables = resources(template, 'AWS::DynamoDB::Table').map(([id]) => id);
    assert.equal(tables.filter((id) => !id.startsWith('TokenUses')).length, 0);
    template.hasResourceProperties('AWS::SSM::Parameter', {
      Name: '/brevet/dev/mapping-table-name',
      Value: 'Brevet-dev-kept',
    });
  });

  it('is audited by its own stream', () => {
    template.hasResourceProperties('AWS::Lambda::EventSourceMapping', { EventSourceArn: STREAM });
  });

  it('can still only be read', () => {
    const [, read] = statements(template, 'CredentialsApiVendingRole');
    assert.deepEqual(read, {
      Action: ['dynamodb:BatchGetItem', 'dynamodb:Query'],
      Effect: 'Allow',
      Resource: 'arn:aws:dynamodb:eu-central-1:111122223333:table/Brevet-dev-kept',
    });
  });
});

describe('a grant to read mappings', () => {
  it('allows lookups by key and scope, and neither a scan nor a write', () => {
    const template = tableWith((table, role) => table.grantReadMappings(role));
    assert.deepEqual(statements(template, 'Grantee'), [
      {
        Action: ['dynamodb:BatchGetItem', 'dynamodb:Query'],
        Effect: 'Allow',
        Resource: '<RoleMappingsTable.Arn>',
      },
    ]);
  });

  it('is the same for the table of a Brevet that someone else deployed', () => {
    const stack = testStack();
    const role = new iam.Role(stack, 'Grantee', { assumedBy: new iam.AccountRootPrincipal() });
    RoleMappingTable.fromFacts(stack, 'prod').grantReadMappings(role);
    const [statement] = statements(Template.fromStack(stack), 'Grantee') as [{ Action: string[]; Resource: string }];
    assert.deepEqual(statement.Action, ['dynamodb:BatchGetItem', 'dynamodb:Query']);
    assert.match(statement.Resource, /^<SsmParameterValuebrevetprodmappingtablearn/);
  });
});

describe('a grant to edit mappings', () => {
  const REVIEW = ['BatchGetItem', 'DescribeTable', 'GetItem', 'Query', 'Scan'];
  const EDIT = ['DeleteItem', 'PutItem', 'UpdateItem'];

  function actions(use: (table: RoleMappingTable, role: iam.Role) => void): string[] {
    const [statement] = statements(tableWith(use), 'Grantee') as [{ Action: string[]; Condition?: unknown }];
    assert.equal(statement.Condition, undefined);
    return statement.Action.map((action) => action.replace('dynamodb:', '')).toSorted();
  }

  it('allows single rows of the whole table, and neither batches, PartiQL nor the table itself', () => {
    assert.deepEqual(
      actions((table, role) => table.grantEditMappings(role)),
      [...REVIEW, ...EDIT].toSorted(),
    );
  });

  it('is more than a grant to review them, which writes nothing', () => {
    assert.deepEqual(
      actions((table, role) => table.grantReviewMappings(role)),
      REVIEW,
    );
  });
});

describe('a grant to follow the changes', () => {
  it('reads the stream, and not the table', () => {
    const template = tableWith((table, role) => table.grantReadChanges(role));
    assert.deepEqual(statements(template, 'Grantee'), [
      {
        Action: ['dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator', 'dynamodb:ListStreams'],
        Effect: 'Allow',
        Resource: '<RoleMappingsTable.StreamArn>',
      },
    ]);
  });

  it('is refused where the stream is not known', () => {
    const stack = testStack();
    const role = new iam.Role(stack, 'Grantee', { assumedBy: new iam.AccountRootPrincipal() });
    assert.throws(() => RoleMappingTable.fromFacts(stack, 'prod').grantReadChanges(role), /stream .* is not known/);
  });
});
