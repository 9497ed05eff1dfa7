import { Duration } from 'aws-cdk-lib';
import * as apigateway from 'aws-cdk-lib/aws-apigateway';
import type * as apigatewayv2 from 'aws-cdk-lib/aws-apigatewayv2';
import {
  HttpLambdaAuthorizer,
  HttpLambdaResponseType,
  WebSocketLambdaAuthorizer,
} from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { Construct } from 'constructs';
import { BrevetFunction, type BrevetFunctionOptions } from './brevet-function.ts';
import type { RoleMappings } from './role-mapping-table.ts';

/** Which jobs pass: every verified job, or those a row named `api.<API name>` admits. */
export type RoutePolicy = 'authenticated' | 'mappings';

/** How an HTTP API is answered: with a policy, or with yes or no. Other APIs know policies only. */
export type AuthorizerResponse = 'iam' | 'simple';

export interface GitLabAuthorizerProps extends BrevetFunctionOptions {
  readonly routePolicy: RoutePolicy;
  /** The API's name in the role-mapping table. Required, as is `roleMappings`, by the route policy `mappings`. */
  readonly apiName?: string;
  readonly roleMappings?: RoleMappings;
  /** @default 'iam' */
  readonly response?: AuthorizerResponse;
  /**
   * How long API Gateway repeats an answer without asking: a revoked row, or an expired token, passes that long. Zero if the log
   * says `routes_not_expressible`: then a repeated answer may refuse a route that is open. @default 60 seconds
   */
  readonly cacheTtl?: Duration;
}

/** An authorizer function of one API: admits GitLab jobs by their ID token, and hands the backend the verified claims. */
export class GitLabAuthorizer extends Construct {
  readonly function: BrevetFunction;
  private readonly cacheTtl: Duration;
  private readonly response: AuthorizerResponse;
  private restAuthorizer?: apigateway.IAuthorizer;
  private httpAuthorizer?: apigatewayv2.IHttpRouteAuthorizer;

  constructor(scope: Construct, id: string, props: GitLabAuthorizerProps) {
    super(scope, id);
    refuseFaults(this, props);
    this.response = props.response ?? 'iam';
    this.cacheTtl = props.cacheTtl ?? Duration.seconds(cacheable(props) ? 60 : 0);

    this.function = new BrevetFunction(this, 'Authorizer', {
      ...props,
      description: `Brevet: admits GitLab jobs to ${props.apiName ?? 'an API'}`,
      environment: {
        ROUTE_POLICY: props.routePolicy,
        AUTHORIZER_RESPONSE: this.response,
        ...(props.apiName === undefined ? {} : { API_NAME: props.apiName }),
        ...(props.roleMappings === undefined ? {} : { ROLE_MAPPING_TABLE: props.roleMappings.tableName }),
      },
    });
    props.roleMappings?.grantReadMappings(this.function);
  }

  /** For the methods of a REST API. The cached policy covers every route of the token, so the header alone is the cache's key. */
  forRestApi(): apigateway.IAuthorizer {
    this.restAuthorizer ??= new apigateway.RequestAuthorizer(this, 'RestApi', {
      handler: this.function.invocationTarget,
      identitySources: [apigateway.IdentitySource.header('Authorization')],
      resultsCacheTtl: this.cacheTtl,
    });
    return this.restAuthorizer;
  }

  /** For the routes of an HTTP API. */
  forHttpApi(): apigatewayv2.IHttpRouteAuthorizer {
    const simple = this.response === 'simple';
    this.httpAuthorizer ??= new HttpLambdaAuthorizer('HttpApi', this.function.invocationTarget, {
      // A cached yes or no would otherwise be given to every route of the API.
      identitySource: ['$request.header.Authorization', ...(simple ? ['$context.routeKey'] : [])],
      responseTypes: [simple ? HttpLambdaResponseType.SIMPLE : HttpLambdaResponseType.IAM],
      resultsCacheTtl: this.cacheTtl,
    });
    return this.httpAuthorizer;
  }

  /** For the `$connect` route of a WebSocket API, the only one that can be authorized. */
  forWebSocketApi(): apigatewayv2.IWebSocketRouteAuthorizer {
    return new WebSocketLambdaAuthorizer('WebSocketApi', this.function.invocationTarget, {
      identitySource: ['route.request.header.Authorization'],
    });
  }
}

/** A yes or no by mapping depends on the path, and API Gateway's cache would repeat it for every path of the same route. */
function cacheable(props: GitLabAuthorizerProps): boolean {
  return !(props.response === 'simple' && props.routePolicy === 'mappings');
}

function refuseFaults(scope: Construct, props: GitLabAuthorizerProps): void {
  const faults: string[] = [];
  if (props.routePolicy === 'mappings' && (props.apiName === undefined || props.roleMappings === undefined)) {
    faults.push('the route policy `mappings` needs `apiName` and `roleMappings`');
  }
  if (props.apiName !== undefined && !/^[a-z0-9][a-z0-9._-]{0,59}$/.test(props.apiName)) {
    faults.push(
      `\`${props.apiName}\` cannot be an API name: use lower-case letters, digits, \`.\`, \`_\` and \`-\`, at most 60`,
    );
  }
  if (!cacheable(props) && props.cacheTtl !== undefined && props.cacheTtl.toSeconds() > 0) {
    faults.push('simple responses by mapping cannot be cached: leave `cacheTtl` out or use `iam` responses');
  }
  if (faults.length > 0) {
    throw new Error(`${scope.node.path}: ${faults.join('; ')}`);
  }
}
