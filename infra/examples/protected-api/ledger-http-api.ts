import * as apigatewayv2 from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpIamAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { AccessLog, acknowledgeWildcard, type BrokeredRole } from '../../lib/index.ts';

export interface LedgerHttpApiProps {
  readonly backend: lambda.IFunction;
  /** May `GET /entries/{id}`, and nothing else. */
  readonly reader: BrokeredRole;
  /** May `POST /entries`, and nothing else. */
  readonly writer: BrokeredRole;
}

/** The ledger's routes as an HTTP API. */
export class LedgerHttpApi extends Construct {
  readonly api: apigatewayv2.HttpApi;

  constructor(scope: Construct, id: string, props: LedgerHttpApiProps) {
    super(scope, id);
    this.api = new apigatewayv2.HttpApi(this, 'Api', {
      apiName: 'ledger-http',
      createDefaultStage: false,
      defaultAuthorizer: new HttpIamAuthorizer(),
    });
    new apigatewayv2.HttpStage(this, 'Stage', {
      httpApi: this.api,
      stageName: 'v1',
      autoDeploy: true,
      throttle: { rateLimit: 50, burstLimit: 100 },
      accessLogSettings: new AccessLog(this, 'AccessLog').httpStageSettings(),
    });
    const integration = new HttpLambdaIntegration('Backend', props.backend);
    this.route('/entries/{id}', apigatewayv2.HttpMethod.GET, integration, props.reader);
    this.route('/entries', apigatewayv2.HttpMethod.POST, integration, props.writer);
  }

  private route(
    path: string,
    method: apigatewayv2.HttpMethod,
    integration: HttpLambdaIntegration,
    caller: BrokeredRole,
  ): void {
    for (const route of this.api.addRoutes({ path, methods: [method], integration })) {
      route.grantInvoke(caller);
      acknowledgeWildcard(caller, route.routeArn, 'One route: at any stage, of which there is one, and for any entry.');
    }
  }
}
