import { Duration, Stack } from 'aws-cdk-lib';
import * as apigateway from 'aws-cdk-lib/aws-apigateway';
import type * as acm from 'aws-cdk-lib/aws-certificatemanager';
import { Construct } from 'constructs';
import { AccessLog } from './access-log.ts';
import { GatewayResponses } from './gateway-responses.ts';
import type { GitLabAuthorizer } from './gitlab-authorizer.ts';
import { acknowledge } from './nag.ts';
import { VendingFunction, type VendingFunctionProps } from './vending-function.ts';

/** A name of one's own for the API, and the certificate that proves it. */
export interface CustomDomain {
  readonly domainName: string;
  readonly certificate: acm.ICertificate;
}

export interface CredentialsApiProps extends VendingFunctionProps {
  /** Guards `/mappings` and `/whoami`. */
  readonly authorizer: GitLabAuthorizer;
  /** @default API Gateway's own name */
  readonly customDomain?: CustomDomain;
  /** Requests a second. STS allows an account some 600 `AssumeRole` a second, shared with everything else in it. @default 100 */
  readonly throttlingRateLimit?: number;
  /** @default 200 */
  readonly throttlingBurstLimit?: number;
}

/** Brevet's own API: a GitLab job's ID token in, credentials out. */
export class CredentialsApi extends Construct {
  readonly restApi: apigateway.RestApi;
  readonly function: VendingFunction;
  /** Where jobs ask for credentials. */
  readonly credentialsUrl: string;

  constructor(scope: Construct, id: string, props: CredentialsApiProps) {
    super(scope, id);
    this.function = new VendingFunction(this, 'Vending', props);
    const accessLog = new AccessLog(this, 'AccessLog', { encryptionKey: props.encryptionKey });

    this.restApi = new apigateway.RestApi(this, 'Api', {
      restApiName: Stack.of(this).stackName,
      description: 'Brevet: short-lived AWS credentials for GitLab jobs',
      endpointTypes: [apigateway.EndpointType.REGIONAL],
      // The account has one role for access logs (GatewayLogRole); a second API must not replace it.
      cloudWatchRole: false,
      // One name, one certificate: what the custom domain does not serve is not served.
      disableExecuteApiEndpoint: props.customDomain !== undefined,
      domainName: props.customDomain && {
        ...props.customDomain,
        endpointType: apigateway.EndpointType.REGIONAL,
        securityPolicy: apigateway.SecurityPolicy.TLS_1_2,
      },
      deployOptions: {
        stageName: 'v1',
        throttlingRateLimit: props.throttlingRateLimit ?? 100,
        throttlingBurstLimit: props.throttlingBurstLimit ?? 200,
        metricsEnabled: true,
        // Execution logs repeat request headers, and the token travels in one. The access log and the audit lines say enough.
        loggingLevel: apigateway.MethodLoggingLevel.OFF,
        dataTraceEnabled: false,
        ...accessLog.stageOptions(),
      },
    });
    new GatewayResponses(this, 'GatewayResponses', {
      restApi: this.restApi,
      unknownRoute:
        'there is no such route: ask GET /credentials?role=NAME, GET /credentials/NAME, POST /credentials, GET /mappings or GET /whoami',
      helpUrl: props.helpUrl,
    });
    this.addRoutes(props.authorizer.forRestApi());
    this.credentialsUrl = props.customDomain
      ? `https://${props.customDomain.domainName}/credentials`
      : this.restApi.urlForPath('/credentials');
    this.acknowledgeRules();
  }

  private addRoutes(authorizer: apigateway.IAuthorizer): void {
    const integration = new apigateway.LambdaIntegration(this.function.invocationTarget, {
      allowTestInvoke: false,
      timeout: Duration.seconds(6),
    });
    // No authorizer here: the function verifies the token itself, so no cached verdict and no second cold start come between.
    const open = { authorizationType: apigateway.AuthorizationType.NONE };
    const guarded = { authorizer, authorizationType: apigateway.AuthorizationType.CUSTOM };

    const credentials = this.restApi.root.addResource('credentials');
    credentials.addMethod('GET', integration, open);
    credentials.addMethod('POST', integration, open);
    credentials.addResource('{name}').addMethod('GET', integration, open);
    this.restApi.root.addResource('mappings').addMethod('GET', integration, guarded);
    this.restApi.root.addResource('whoami').addMethod('GET', integration, guarded);
  }

  private acknowledgeRules(): void {
    acknowledge(
      this.restApi,
      'AwsSolutions-APIG2',
      'The function validates every input and answers with codes that say what to change; a validator in front would hide them.',
    );
    acknowledge(
      this.restApi,
      'AwsSolutions-APIG3',
      'The callers are SDKs in jobs, some without a User-Agent, which the common rule sets block. A deployment may attach a web ACL of its own.',
    );
    acknowledge(
      this.restApi,
      'AwsSolutions-APIG4',
      '/credentials is open to the function, which verifies the token itself; the other routes have the authorizer.',
    );
    acknowledge(
      this.restApi,
      'AwsSolutions-APIG6',
      'Execution logs repeat request headers, where the token travels. The access log and the audit lines are kept instead.',
    );
    acknowledge(this.restApi, 'AwsSolutions-COG4', 'The callers are GitLab jobs, which have no Cognito user.');
  }
}
