import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import * as apigateway from 'aws-cdk-lib/aws-apigateway';
import type { Construct } from 'constructs';
import {
  AccessLog,
  acknowledge,
  functionArtifact,
  GatewayResponses,
  GitLabAuthorizer,
  RoleMappingTable,
  TrustedIssuers,
} from '../../lib/index.ts';
import { EchoCaller } from './echo-caller.ts';

export interface ProtectedApiProps extends StackProps {
  /** The Brevet deployment whose mapping table and issuers decide. */
  readonly environment: string;
  /** Where the authorizer was built. @default where `make build` puts it */
  readonly buildDirectory?: string;
}

/** A REST API of some other team. Rows named `api.reports` in Brevet's table say which job may call which of its routes. */
export class ReportsStack extends Stack {
  constructor(scope: Construct, id: string, props: ProtectedApiProps) {
    super(scope, id, props);

    const authorizer = new GitLabAuthorizer(this, 'GitLab', {
      artifact: functionArtifact('authorizer', props.buildDirectory),
      issuers: TrustedIssuers.fromFacts(this, props.environment),
      roleMappings: RoleMappingTable.fromFacts(this, props.environment),
      routePolicy: 'mappings',
      apiName: 'reports',
    });

    const api = new apigateway.RestApi(this, 'Api', {
      restApiName: 'reports',
      cloudWatchRole: false,
      endpointTypes: [apigateway.EndpointType.REGIONAL],
      deployOptions: {
        stageName: 'v1',
        throttlingRateLimit: 50,
        throttlingBurstLimit: 100,
        ...new AccessLog(this, 'AccessLog').stageOptions(),
      },
      defaultMethodOptions: {
        authorizer: authorizer.forRestApi(),
        authorizationType: apigateway.AuthorizationType.CUSTOM,
      },
    });
    new GatewayResponses(this, 'GatewayResponses', {
      restApi: api,
      unknownRoute: 'there is no such route: this API has GET /reports/{id} and POST /deployments',
    });

    const backend = new apigateway.LambdaIntegration(new EchoCaller(this, 'Backend').function, {
      allowTestInvoke: false,
    });
    api.root.addResource('reports').addResource('{id}').addMethod('GET', backend);
    api.root.addResource('deployments').addMethod('POST', backend);

    new CfnOutput(this, 'ReportsApiId', { value: api.restApiId });
    new CfnOutput(this, 'ReportsUrl', { value: api.url });

    acknowledge(api, 'AwsSolutions-APIG2', 'The example takes no input beyond the verified claims.');
    acknowledge(api, 'AwsSolutions-APIG3', 'Whether a web ACL belongs in front is for the owner of a real API to say.');
    acknowledge(api, 'AwsSolutions-APIG6', 'Execution logs repeat request headers, where the token travels.');
    acknowledge(api, 'AwsSolutions-COG4', 'The callers are GitLab jobs, which have no Cognito user.');
  }
}
