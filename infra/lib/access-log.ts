import { RemovalPolicy } from 'aws-cdk-lib';
import * as apigateway from 'aws-cdk-lib/aws-apigateway';
import * as apigatewayv2 from 'aws-cdk-lib/aws-apigatewayv2';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';

export interface AccessLogProps {
  /** @default three months */
  readonly retention?: logs.RetentionDays;
  /** @default CloudWatch's own key */
  readonly encryptionKey?: kms.IKey;
}

/**
 * The access log of a stage. It names no header and no part of the address a caller can write a token into: the route is logged as
 * it was declared, not as it was called. `$context.error.message` is left out because it may quote the Authorization header.
 */
export class AccessLog extends Construct {
  static readonly FIELDS: Readonly<Record<string, string>> = {
    request_id: '$context.requestId',
    time: '$context.requestTimeEpoch',
    source_ip: '$context.identity.sourceIp',
    method: '$context.httpMethod',
    route: '$context.resourcePath',
    status: '$context.status',
    response_length: '$context.responseLength',
    response_latency: '$context.responseLatency',
    integration_latency: '$context.integrationLatency',
    integration_status: '$context.integration.status',
    error_type: '$context.error.responseType',
    authorizer_status: '$context.authorizer.status',
    principal: '$context.authorizer.principalId',
    reason_code: '$context.authorizer.reason_code',
  };

  readonly logGroup: logs.LogGroup;

  constructor(scope: Construct, id: string, props: AccessLogProps = {}) {
    super(scope, id);
    this.logGroup = new logs.LogGroup(this, 'Log', {
      retention: props.retention ?? logs.RetentionDays.THREE_MONTHS,
      encryptionKey: props.encryptionKey,
      removalPolicy: RemovalPolicy.DESTROY,
    });
  }

  /** The stage options of a REST API that write this log. */
  stageOptions(): Pick<apigateway.StageOptions, 'accessLogDestination' | 'accessLogFormat'> {
    return {
      accessLogDestination: new apigateway.LogGroupLogDestination(this.logGroup),
      accessLogFormat: apigateway.AccessLogFormat.custom(JSON.stringify(AccessLog.FIELDS)),
    };
  }

  /** The access log settings of an HTTP API's stage, which names the declared route `routeKey`. */
  httpStageSettings(): apigatewayv2.IAccessLogSettings {
    const fields = { ...AccessLog.FIELDS, route: '$context.routeKey' };
    return {
      destination: new apigatewayv2.LogGroupLogDestination(this.logGroup),
      format: apigateway.AccessLogFormat.custom(JSON.stringify(fields)),
    };
  }
}
