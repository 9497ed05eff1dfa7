import { RemovalPolicy } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';

/**
 * REST APIs hand an authorizer's context over flat; HTTP APIs with payload 2.0 put it below `lambda`. Who signed a request is told in
 * `identity` by the first and below `iam` by the second.
 */
const CODE = `
exports.handler = async (event) => {
  const { authorizer, identity } = event.requestContext;
  const { lambda, iam, ...flat } = authorizer ?? {};
  const signer = iam ?? identity;
  const caller = signer?.userArn ? { arn: signer.userArn, account: signer.accountId } : (lambda ?? flat);
  return {
    statusCode: 200,
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ route: event.routeKey ?? event.httpMethod + ' ' + event.resource, caller }),
  };
};
`;

/** A backend that answers with what it was told about its caller: facts it may rely on, because API Gateway lets nobody else set them. */
export class EchoCaller extends Construct {
  readonly function: lambda.Function;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    const logGroup = new logs.LogGroup(this, 'Log', {
      retention: logs.RetentionDays.ONE_WEEK,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const role = new iam.Role(this, 'Role', { assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com') });
    logGroup.grantWrite(role);
    this.function = new lambda.Function(this, 'Function', {
      runtime: lambda.Runtime.NODEJS_24_X,
      handler: 'index.handler',
      code: lambda.Code.fromInline(CODE),
      role,
      logGroup,
    });
  }
}
