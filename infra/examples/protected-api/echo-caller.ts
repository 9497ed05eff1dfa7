import { RemovalPolicy } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';

/** REST APIs hand the context over flat; HTTP APIs with payload 2.0 put it below `lambda`. */
const CODE = `
exports.handler = async (event) => {
  const { lambda, ...flat } = event.requestContext.authorizer ?? {};
  const caller = lambda ?? flat;
  return {
    statusCode: 200,
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ route: event.routeKey ?? event.httpMethod + ' ' + event.resource, caller }),
  };
};
`;

/** A backend that answers with what it was told about its caller: claims it may rely on, because API Gateway lets nobody else set them. */
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
