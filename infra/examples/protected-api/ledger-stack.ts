import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import * as apigateway from 'aws-cdk-lib/aws-apigateway';
import type { Construct } from 'constructs';
import { AccessLog, acknowledge, acknowledgeWildcard, BrokeredRole, fact } from '../../lib/index.ts';
import { EchoCaller } from './echo-caller.ts';
import { LedgerHttpApi } from './ledger-http-api.ts';

export interface LedgerProps extends StackProps {
  /** The Brevet deployment whose vending role the roles trust. */
  readonly environment: string;
  /** GitLab ids of the projects whose jobs may call. */
  readonly projectIds: readonly string[];
}

/**
 * APIs that know nothing of Brevet: IAM admits whoever signs with a session of the right role, and a job has such a session from
 * `/credentials`. There is no authorizer to attach, nothing is cached, and the backend finds the job's ids in the caller's session name.
 *
 * The routes are `GET /entries/{id}`, for `ledger-reader`, and `POST /entries`, for `ledger-writer`. Both roles are in the API's own
 * account: a role of another account would need a resource policy of the API as well, which HTTP APIs do not have.
 */
export class LedgerStack extends Stack {
  constructor(scope: Construct, id: string, props: LedgerProps) {
    super(scope, id, props);
    const trust = {
      vendingRoleArn: fact(this, props.environment, 'vending-role-arn'),
      projectIds: props.projectIds,
    };
    const reader = new BrokeredRole(this, 'Reader', { roleName: 'ledger-reader', ...trust });
    const writer = new BrokeredRole(this, 'Writer', { roleName: 'ledger-writer', ...trust });

    const api = new apigateway.RestApi(this, 'Api', {
      restApiName: 'ledger',
      cloudWatchRole: false,
      endpointTypes: [apigateway.EndpointType.REGIONAL],
      deployOptions: {
        stageName: 'v1',
        throttlingRateLimit: 50,
        throttlingBurstLimit: 100,
        ...new AccessLog(this, 'AccessLog').stageOptions(),
      },
      defaultMethodOptions: { authorizationType: apigateway.AuthorizationType.IAM },
    });
    const backend = new EchoCaller(this, 'Backend').function;
    const integration = new apigateway.LambdaIntegration(backend, { allowTestInvoke: false });
    const entries = api.root.addResource('entries');
    const entry = entries.addResource('{id}').addMethod('GET', integration);
    entry.grantExecute(reader);
    acknowledgeWildcard(reader, entry.methodArn, 'One route, which has an address for each entry.');
    entries.addMethod('POST', integration).grantExecute(writer);

    const httpApi = new LedgerHttpApi(this, 'Http', { backend, reader, writer });

    new CfnOutput(this, 'LedgerApiId', { value: api.restApiId });
    new CfnOutput(this, 'LedgerUrl', { value: api.url });
    new CfnOutput(this, 'LedgerHttpApiId', { value: httpApi.api.apiId });
    new CfnOutput(this, 'LedgerReaderRoleArn', { value: reader.roleArn });
    new CfnOutput(this, 'LedgerWriterRoleArn', { value: writer.roleArn });

    acknowledge(api, 'AwsSolutions-APIG2', 'The example takes any entry: it only tells who brought it.');
    acknowledge(api, 'AwsSolutions-APIG3', 'Whether a web ACL belongs in front is for the owner of a real API to say.');
    acknowledge(api, 'AwsSolutions-APIG6', 'Execution logs repeat request headers, where session tokens travel.');
    acknowledge(api, 'AwsSolutions-COG4', 'The callers are sessions of IAM roles, which have no Cognito user.');
  }
}
