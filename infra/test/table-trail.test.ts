import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Template } from 'aws-cdk-lib/assertions';
import { brevetTemplate } from './support/synth.ts';
import { flat, resource, resources } from './support/template.ts';

interface Statement {
  Sid?: string;
  Effect: string;
  Action: unknown;
  Principal: unknown;
  Condition: unknown;
}

const TRAIL = 'arn:aws:cloudtrail:eu-central-1:111122223333:trail/Brevet-dev-role-mappings';

function bucketPolicy(template: Template): Statement[] {
  const { PolicyDocument } = resource(template, 'AWS::S3::BucketPolicy', 'TableTrail').Properties;
  return (flat(PolicyDocument) as { Statement: Statement[] }).Statement;
}

describe('the trail of who changed the table', () => {
  const template = brevetTemplate({ BREVET_TABLE_TRAIL: 'true' });

  it('is there only when it is asked for', () => {
    assert.equal(resources(brevetTemplate(), 'AWS::CloudTrail::Trail').length, 0);
    assert.equal(resources(brevetTemplate(), 'AWS::S3::Bucket').length, 0);
  });

  it('records writes to this table, and nothing else', () => {
    const { AdvancedEventSelectors, EnableLogFileValidation, IsMultiRegionTrail } = resource(
      template,
      'AWS::CloudTrail::Trail',
    ).Properties;
    const [selector, ...others] = flat(AdvancedEventSelectors) as { FieldSelectors: unknown }[];
    assert.deepEqual(others, []);
    assert.deepEqual(selector?.FieldSelectors, [
      { Field: 'eventCategory', Equals: ['Data'] },
      { Field: 'resources.type', Equals: ['AWS::DynamoDB::Table'] },
      { Field: 'resources.ARN', Equals: ['<RoleMappingsTable.Arn>'] },
      { Field: 'readOnly', Equals: ['false'] },
    ]);
    assert.deepEqual([EnableLogFileValidation, IsMultiRegionTrail], [true, false]);
  });

  it('keeps its files for a year in a bucket that no stranger reads and no plain HTTP reaches', () => {
    const bucket = resource(template, 'AWS::S3::Bucket');
    assert.deepEqual(bucket.Properties.PublicAccessBlockConfiguration, {
      BlockPublicAcls: true,
      BlockPublicPolicy: true,
      IgnorePublicAcls: true,
      RestrictPublicBuckets: true,
    });
    const { Rules } = bucket.Properties.LifecycleConfiguration as { Rules: { ExpirationInDays: number }[] };
    assert.deepEqual(
      Rules.map(({ ExpirationInDays }) => ExpirationInDays),
      [365],
    );
    assert.equal(bucket.DeletionPolicy, 'Retain');
    assert.ok(
      bucketPolicy(template).some(
        ({ Effect, Condition }) =>
          Effect === 'Deny' && JSON.stringify(Condition) === '{"Bool":{"aws:SecureTransport":"false"}}',
      ),
    );
  });

  it('is the only trail that may write there', () => {
    const allowed = bucketPolicy(template).filter(({ Effect }) => Effect === 'Allow');
    assert.deepEqual(
      allowed.map(({ Sid, Action, Condition }) => [Sid, Action, Condition]),
      [
        ['TrailLooks', 's3:GetBucketAcl', { StringEquals: { 'aws:SourceArn': TRAIL } }],
        [
          'TrailWrites',
          's3:PutObject',
          { StringEquals: { 'aws:SourceArn': TRAIL, 's3:x-amz-acl': 'bucket-owner-full-control' } },
        ],
      ],
    );
  });

  it('is encrypted with the key of the deployment, which this trail alone may use for it', () => {
    const encrypted = brevetTemplate({ BREVET_TABLE_TRAIL: 'true', BREVET_KMS: 'true' });
    assert.deepEqual(flat(resource(encrypted, 'AWS::CloudTrail::Trail').Properties.KMSKeyId), '<Key.Arn>');
    const { KeyPolicy } = resource(encrypted, 'AWS::KMS::Key').Properties;
    const statement = (flat(KeyPolicy) as { Statement: Statement[] }).Statement.find(
      ({ Sid }) => Sid === 'TrailOfThisAccount',
    );
    assert.deepEqual(statement?.Condition, { StringEquals: { 'aws:SourceArn': TRAIL } });
  });
});
