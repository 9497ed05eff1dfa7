import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { brevetTemplate } from './support/synth.ts';
import { flat, resource, resources } from './support/template.ts';

const USE = ['kms:Decrypt', 'kms:DescribeKey', 'kms:Encrypt', 'kms:GenerateDataKey*', 'kms:ReEncrypt*'];

describe('a customer-managed key', () => {
  const template = brevetTemplate({ BREVET_KMS: 'true' });
  const key = resource(template, 'AWS::KMS::Key');

  it('is made only when the deployment asks for one', () => {
    brevetTemplate().resourceCountIs('AWS::KMS::Key', 0);
  });

  it('rotates, and stays as long as what it encrypts', () => {
    assert.equal(key.Properties.EnableKeyRotation, true);
    assert.equal(key.DeletionPolicy, 'Retain');
  });

  it('encrypts both tables and every log', () => {
    for (const [id, { Properties }] of resources(template, 'AWS::DynamoDB::Table')) {
      assert.equal((flat(Properties.SSESpecification) as Record<string, unknown>).KMSMasterKeyId, '<Key.Arn>', id);
    }
    for (const [id, { Properties }] of resources(template, 'AWS::Logs::LogGroup')) {
      assert.equal(flat(Properties.KmsKeyId), '<Key.Arn>', id);
    }
  });

  it('can be used through DynamoDB by this account, through CloudWatch Logs for its log groups, and not otherwise', () => {
    const { Statement } = flat(key.Properties.KeyPolicy) as { Statement: Record<string, unknown>[] };
    const [administration, ...uses] = Statement;
    assert.deepEqual(administration?.Principal, { AWS: 'arn:aws:iam::111122223333:root' });
    assert.deepEqual(uses, [
      {
        Sid: 'TablesOfThisAccount',
        Effect: 'Allow',
        Principal: { AWS: '*' },
        Action: USE,
        Resource: '*',
        Condition: {
          StringEquals: {
            'kms:CallerAccount': '111122223333',
            'kms:ViaService': 'dynamodb.eu-central-1.amazonaws.com',
          },
        },
      },
      {
        Sid: 'LogGroupsOfThisAccount',
        Effect: 'Allow',
        Principal: { Service: 'logs.eu-central-1.amazonaws.com' },
        Action: USE,
        Resource: '*',
        Condition: {
          ArnLike: {
            'kms:EncryptionContext:aws:logs:arn': 'arn:aws:logs:eu-central-1:111122223333:log-group:*',
          },
        },
      },
    ]);
  });
});
