import { CfnOutput, Stack } from 'aws-cdk-lib';
import * as apigatewayv2 from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import type { Construct } from 'constructs';
import { AccessLog, functionArtifact, GitLabAuthorizer, RoleMappingTable, TrustedIssuers } from '../../lib/index.ts';
import { EchoCaller } from './echo-caller.ts';
import type { ProtectedApiProps } from './reports-stack.ts';

/** The same routes as an HTTP API: cheaper and faster, but with API Gateway's own fixed answers. Its rows are named `api.reports-http`. */
export class ReportsHttpStack extends Stack {
  constructor(scope: Construct, id: string, props: ProtectedApiProps) {
    super(scope, id, props);

    const authorizer = new GitLabAuthorizer(this, 'GitLab', {
      artifact: functionArtifact('authorizer', props.buildDirectory),
      issuers: TrustedIssuers.fromFacts(this, props.environment),
      roleMappings: RoleMappingTable.fromFacts(this, props.environment),
      routePolicy: 'mappings',
      apiName: 'reports-http',
    });

    const api = new apigatewayv2.HttpApi(this, 'Api', {
      apiName: 'reports-http',
      createDefaultStage: false,
      defaultAuthorizer: authorizer.forHttpApi(),
    });
    new apigatewayv2.HttpStage(this, 'Stage', {
      httpApi: api,
      stageName: 'v1',
      autoDeploy: true,
      throttle: { rateLimit: 50, burstLimit: 100 },
      accessLogSettings: new AccessLog(this, 'AccessLog').httpStageSettings(),
    });

    const integration = new HttpLambdaIntegration('Backend', new EchoCaller(this, 'Backend').function);
    api.addRoutes({ path: '/reports/{id}', methods: [apigatewayv2.HttpMethod.GET], integration });
    api.addRoutes({ path: '/deployments', methods: [apigatewayv2.HttpMethod.POST], integration });

    new CfnOutput(this, 'ReportsHttpApiId', { value: api.apiId });
    new CfnOutput(this, 'ReportsHttpUrl', { value: `${api.apiEndpoint}/v1` });
  }
}
