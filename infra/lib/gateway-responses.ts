import * as apigateway from 'aws-cdk-lib/aws-apigateway';
import { Construct } from 'constructs';

const { ResponseType } = apigateway;

/** One answer API Gateway gives by itself. `code` and `message` are JSON string contents and may name `$context` variables. */
interface OwnAnswer {
  readonly type: apigateway.ResponseType;
  /** @default the type's own status */
  readonly status?: number;
  readonly code: string;
  readonly message: string;
  /** Seconds, for answers worth repeating. */
  readonly retryAfter?: number;
}

export interface GatewayResponsesProps {
  readonly restApi: apigateway.RestApi;
  /** A sentence for a caller of a route that does not exist. */
  readonly unknownRoute: string;
  /** The page that explains each code below a heading of its name. @default the page among Brevet's own documents */
  readonly helpUrl?: string;
}

/** Gives API Gateway's own answers the error shape the functions have: one parser serves the caller whoever answered. */
export class GatewayResponses extends Construct {
  constructor(scope: Construct, id: string, props: GatewayResponsesProps) {
    super(scope, id);
    for (const answer of ownAnswers(props.unknownRoute)) {
      new apigateway.GatewayResponse(this, answer.type.responseType, {
        restApi: props.restApi,
        type: answer.type,
        statusCode: answer.status?.toString(),
        responseHeaders: headers(answer),
        templates: { 'application/json': body(answer, props.helpUrl ?? 'docs/pipelines.md') },
      });
    }
  }
}

/**
 * The texts are constants: API Gateway's own message may quote the Authorization header back (it does for INVALID_SIGNATURE) or
 * name an internal. Only the authorizer's reason, which is made for callers, is passed on.
 */
function ownAnswers(unknownRoute: string): OwnAnswer[] {
  const notARoute = { status: 400, code: 'bad_request', message: unknownRoute };
  const misconfigured = {
    code: 'misconfigured',
    message: 'the service is misconfigured: its operators find the cause in the log under this request id',
  };
  // The listed 503 codes name a dependency that failed; here the function itself had no room or no time. `throttled` is the one
  // that blames nobody wrongly and says what to do: wait and repeat.
  const noRoom = { code: 'throttled', message: 'the service is busy: try again shortly', retryAfter: 1 };

  return [
    // Also sent without the authorizer having run, when there is no Authorization header at all.
    {
      type: ResponseType.UNAUTHORIZED,
      status: 401,
      code: 'token_invalid',
      message:
        'no valid GitLab ID token came with this request: send the ID token of the job in the Authorization header, with or without `Bearer`',
    },
    {
      type: ResponseType.ACCESS_DENIED,
      status: 403,
      code: '$context.authorizer.reason_code',
      message: '$context.authorizer.reason',
    },
    { type: ResponseType.AUTHORIZER_FAILURE, status: 500, ...misconfigured },
    { type: ResponseType.AUTHORIZER_CONFIGURATION_ERROR, status: 500, ...misconfigured },
    { type: ResponseType.API_CONFIGURATION_ERROR, status: 500, ...misconfigured },
    {
      type: ResponseType.THROTTLED,
      status: 429,
      code: 'throttled',
      message: 'too many requests: try again shortly',
      retryAfter: 1,
    },
    {
      type: ResponseType.QUOTA_EXCEEDED,
      status: 429,
      code: 'throttled',
      message: 'the quota of this caller is used up: try again when it is renewed',
      retryAfter: 3600,
    },
    // An unknown route with an Authorization header is taken for a bad signature by API Gateway.
    { type: ResponseType.MISSING_AUTHENTICATION_TOKEN, ...notARoute },
    { type: ResponseType.INVALID_SIGNATURE, ...notARoute },
    { type: ResponseType.RESOURCE_NOT_FOUND, ...notARoute },
    {
      type: ResponseType.BAD_REQUEST_BODY,
      status: 400,
      code: 'bad_request',
      message: 'the body of this request is not what the route takes',
    },
    {
      type: ResponseType.BAD_REQUEST_PARAMETERS,
      status: 400,
      code: 'bad_request',
      message: 'the parameters of this request are not what the route takes',
    },
    {
      type: ResponseType.REQUEST_TOO_LARGE,
      status: 413,
      code: 'bad_request',
      message: 'this request is larger than the service accepts',
    },
    { type: ResponseType.INTEGRATION_FAILURE, status: 503, ...noRoom },
    { type: ResponseType.INTEGRATION_TIMEOUT, status: 503, ...noRoom },
    // A status set on a default would replace the status of every type without an answer of its own.
    { type: ResponseType.DEFAULT_4XX, code: 'bad_request', message: 'API Gateway refused this request' },
    { type: ResponseType.DEFAULT_5XX, ...misconfigured },
  ];
}

/** The error shape of every answer. Both spellings: SDKs of different languages look for different ones. */
function body({ code, message }: OwnAnswer, helpUrl: string): string {
  const help = `${helpUrl}#${code}`;
  return JSON.stringify({ code, message, Code: code, Message: message, help, request_id: '$context.requestId' });
}

function headers(answer: OwnAnswer): Record<string, string> {
  return {
    'Cache-Control': "'no-store'",
    ...(answer.retryAfter === undefined ? {} : { 'Retry-After': `'${answer.retryAfter}'` }),
  };
}
