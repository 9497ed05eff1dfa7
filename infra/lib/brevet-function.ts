import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { deploymentPackage, type FunctionArtifact } from './function-artifact.ts';
import type { TrustedIssuers } from './trusted-issuers.ts';

/** How much of the rules a refused caller is shown: its own claims only, or also what would have matched. */
export type DenialDetail = 'own' | 'full';

/** What all functions have in common. */
export interface CommonFunctionOptions {
  readonly artifact: FunctionArtifact;
  /** CloudWatch namespace of the function's metrics. @default 'Brevet' */
  readonly metricsNamespace?: string;
  /** Megabytes. Lambda gives CPU in proportion, which a cold start's TLS handshakes feel. @default 512 */
  readonly memorySize?: number;
  /** The log holds the audit lines, so it outlives the stack. @default one year */
  readonly logRetention?: logs.RetentionDays;
  /** Encrypts the log. @default CloudWatch's own key */
  readonly encryptionKey?: kms.IKey;
  /** Upper bound on concurrent executions. @default no bound but the account's */
  readonly reservedConcurrency?: number;
  /** Execution environments kept warm. @default none */
  readonly provisionedConcurrency?: number;
}

/** What the credentials function and every authorizer have in common: they verify tokens and refuse jobs. */
export interface BrevetFunctionOptions extends CommonFunctionOptions {
  readonly issuers: TrustedIssuers;
  /** @default 'own' */
  readonly denialDetail?: DenialDetail;
}

export interface BrevetFunctionProps extends CommonFunctionOptions {
  /** @default the function sees no token */
  readonly issuers?: TrustedIssuers;
  readonly denialDetail?: DenialDetail;
  readonly description: string;
  readonly environment: Record<string, string>;
  /** @default CloudFormation makes one up */
  readonly roleName?: string;
}

/** A Lambda function that runs one of Brevet's binaries and may write to its own log, and nothing else until it is granted more. */
export class BrevetFunction extends Construct implements iam.IGrantable {
  readonly grantPrincipal: iam.IPrincipal;
  readonly role: iam.Role;
  readonly logGroup: logs.LogGroup;
  readonly function: lambda.Function;
  /** What API Gateway invokes: the warm alias where there is one. */
  readonly invocationTarget: lambda.IFunction;

  constructor(scope: Construct, id: string, props: BrevetFunctionProps) {
    super(scope, id);

    this.logGroup = new logs.LogGroup(this, 'Log', {
      retention: props.logRetention ?? logs.RetentionDays.ONE_YEAR,
      encryptionKey: props.encryptionKey,
      removalPolicy: RemovalPolicy.RETAIN,
    });

    // A role of our own: the one CDK makes carries AWSLambdaBasicExecutionRole, which may write to every log of the account.
    this.role = new iam.Role(this, 'Role', {
      roleName: props.roleName,
      assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com'),
    });
    this.grantPrincipal = this.role;
    this.logGroup.grantWrite(this.role);

    this.function = new lambda.Function(this, 'Function', {
      description: props.description,
      runtime: lambda.Runtime.PROVIDED_AL2023,
      handler: 'bootstrap',
      code: deploymentPackage(props.artifact, props.issuers),
      architecture: props.artifact.architecture,
      memorySize: props.memorySize ?? 512,
      // The functions answer within 1.8 s on their own; this bounds a process that hangs.
      timeout: Duration.seconds(5),
      role: this.role,
      logGroup: this.logGroup,
      // Latency per dependency is a metric already, and X-Ray's permissions cannot be narrowed to a resource.
      tracing: lambda.Tracing.DISABLED,
      reservedConcurrentExecutions: props.reservedConcurrency,
      environment: {
        ...(props.issuers && { ...props.issuers.environment(), DENIAL_DETAIL: props.denialDetail ?? 'own' }),
        METRICS_NAMESPACE: props.metricsNamespace ?? 'Brevet',
        ...props.environment,
      },
    });
    this.invocationTarget = props.provisionedConcurrency
      ? new lambda.Alias(this, 'Warm', {
          aliasName: 'warm',
          version: this.function.currentVersion,
          provisionedConcurrentExecutions: props.provisionedConcurrency,
        })
      : this.function;
  }
}
