import { ArnFormat, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as cloudtrail from 'aws-cdk-lib/aws-cloudtrail';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { acknowledge } from './nag.ts';
import type { RoleMappings } from './role-mapping-table.ts';

export interface TableTrailProps {
  readonly roleMappings: RoleMappings;
  readonly trailName: string;
  /** @default one year */
  readonly retention?: Duration;
  /** @default a key that S3 owns */
  readonly encryptionKey?: kms.Key;
}

/**
 * Who changed the table: a CloudTrail trail of its data events, writes only, in a bucket of its own. An event has the caller, the time and
 * the key of the row, and no values; the auditor's line of the same key and time has the values, and no caller.
 */
export class TableTrail extends Construct {
  readonly bucket: s3.Bucket;

  constructor(scope: Construct, id: string, props: TableTrailProps) {
    super(scope, id);
    const { encryptionKey } = props;
    const trailArn = Stack.of(this).formatArn({
      service: 'cloudtrail',
      resource: 'trail',
      resourceName: props.trailName,
      arnFormat: ArnFormat.SLASH_RESOURCE_NAME,
    });

    this.bucket = new s3.Bucket(this, 'Bucket', {
      encryption: encryptionKey ? s3.BucketEncryption.KMS : s3.BucketEncryption.S3_MANAGED,
      encryptionKey,
      bucketKeyEnabled: encryptionKey !== undefined,
      blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
      objectOwnership: s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
      enforceSSL: true,
      versioned: true,
      lifecycleRules: [
        { expiration: props.retention ?? Duration.days(365), noncurrentVersionExpiration: Duration.days(30) },
      ],
      removalPolicy: RemovalPolicy.RETAIN,
    });
    acknowledge(
      this.bucket,
      'AwsSolutions-S1',
      'This bucket is itself a log, and CloudTrail validates its files by digests.',
    );
    const writers = this.letTrailWrite(trailArn);
    encryptionKey?.addToResourcePolicy(letTrailEncrypt(trailArn));

    const trail = new cloudtrail.CfnTrail(this, 'Trail', {
      trailName: props.trailName,
      isLogging: true,
      s3BucketName: this.bucket.bucketName,
      kmsKeyId: encryptionKey?.keyArn,
      enableLogFileValidation: true,
      includeGlobalServiceEvents: false,
      isMultiRegionTrail: false,
      advancedEventSelectors: [
        {
          name: 'Writes to the table of role mappings',
          fieldSelectors: [
            { field: 'eventCategory', equalTo: ['Data'] },
            { field: 'resources.type', equalTo: ['AWS::DynamoDB::Table'] },
            { field: 'resources.ARN', equalTo: [props.roleMappings.tableArn] },
            { field: 'readOnly', equalTo: ['false'] },
          ],
        },
      ],
    });
    trail.node.addDependency(writers);
  }

  /** https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-s3-bucket-policy-for-cloudtrail.html */
  private letTrailWrite(trailArn: string): s3.BucketPolicy {
    const service = new iam.ServicePrincipal('cloudtrail.amazonaws.com');
    this.bucket.addToResourcePolicy(
      new iam.PolicyStatement({
        sid: 'TrailLooks',
        principals: [service],
        actions: ['s3:GetBucketAcl'],
        resources: [this.bucket.bucketArn],
        conditions: { StringEquals: { 'aws:SourceArn': trailArn } },
      }),
    );
    this.bucket.addToResourcePolicy(
      new iam.PolicyStatement({
        sid: 'TrailWrites',
        principals: [service],
        actions: ['s3:PutObject'],
        resources: [this.bucket.arnForObjects(`AWSLogs/${Stack.of(this).account}/*`)],
        conditions: { StringEquals: { 'aws:SourceArn': trailArn, 's3:x-amz-acl': 'bucket-owner-full-control' } },
      }),
    );
    const { policy } = this.bucket;
    if (policy === undefined) {
      throw new Error(`${this.node.path}: the bucket has no policy of its own`);
    }
    return policy;
  }
}

/** https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html */
function letTrailEncrypt(trailArn: string): iam.PolicyStatement {
  return new iam.PolicyStatement({
    sid: 'TrailOfThisAccount',
    principals: [new iam.ServicePrincipal('cloudtrail.amazonaws.com')],
    actions: ['kms:DescribeKey', 'kms:GenerateDataKey*'],
    resources: ['*'],
    conditions: { StringEquals: { 'aws:SourceArn': trailArn } },
  });
}
