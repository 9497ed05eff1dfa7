import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { brevetTemplate } from './support/synth.ts';
import { resources } from './support/template.ts';

interface GatewayResponse {
  readonly ResponseType: string;
  readonly StatusCode?: string;
  readonly ResponseTemplates: Record<string, string>;
  readonly ResponseParameters: Record<string, string>;
}

/** Status and code of each of API Gateway's own answers; `undefined` keeps the type's own status. */
const ANSWERS: Record<string, readonly [status: string | undefined, code: string]> = {
  UNAUTHORIZED: ['401', 'token_invalid'],
  ACCESS_DENIED: ['403', '$context.authorizer.reason_code'],
  AUTHORIZER_FAILURE: ['500', 'misconfigured'],
  AUTHORIZER_CONFIGURATION_ERROR: ['500', 'misconfigured'],
  API_CONFIGURATION_ERROR: ['500', 'misconfigured'],
  THROTTLED: ['429', 'throttled'],
  QUOTA_EXCEEDED: ['429', 'throttled'],
  MISSING_AUTHENTICATION_TOKEN: ['400', 'bad_request'],
  INVALID_SIGNATURE: ['400', 'bad_request'],
  RESOURCE_NOT_FOUND: ['400', 'bad_request'],
  BAD_REQUEST_BODY: ['400', 'bad_request'],
  BAD_REQUEST_PARAMETERS: ['400', 'bad_request'],
  REQUEST_TOO_LARGE: ['413', 'bad_request'],
  INTEGRATION_FAILURE: ['503', 'throttled'],
  INTEGRATION_TIMEOUT: ['503', 'throttled'],
  DEFAULT_4XX: [undefined, 'bad_request'],
  DEFAULT_5XX: [undefined, 'misconfigured'],
};

describe("API Gateway's own answers", () => {
  const responses = new Map(
    resources(brevetTemplate(), 'AWS::ApiGateway::GatewayResponse').map(([, { Properties }]) => {
      const response = Properties as unknown as GatewayResponse;
      return [response.ResponseType, response];
    }),
  );

  it('are these', () => {
    assert.deepEqual([...responses.keys()].toSorted(), Object.keys(ANSWERS).toSorted());
  });

  for (const [type, [status, code]] of Object.entries(ANSWERS)) {
    it(`${type} has status ${status ?? 'unchanged'} and code ${code}`, () => {
      const response = responses.get(type);
      assert.ok(response);
      assert.equal(response.StatusCode, status);
      assert.deepEqual(Object.keys(response.ResponseTemplates), ['application/json']);
      const body = JSON.parse(response.ResponseTemplates['application/json'] ?? '');
      assert.equal(body.code, code);
      assert.equal(body.Code, body.code);
      assert.equal(body.Message, body.message);
      assert.equal(body.request_id, '$context.requestId');
      assert.equal(body.help, `docs/pipelines.md#${code}`);
      assert.deepEqual(Object.keys(body), ['code', 'message', 'Code', 'Message', 'help', 'request_id']);
    });
  }

  it('repeat nothing of the request and nothing of the cause', () => {
    for (const [type, { ResponseTemplates }] of responses) {
      const variables = ResponseTemplates['application/json']?.match(/\$[\w.]+/g) ?? [];
      const allowed = ['$context.requestId', '$context.authorizer.reason_code', '$context.authorizer.reason'];
      assert.deepEqual(
        variables.filter((variable) => !allowed.includes(variable)),
        [],
        type,
      );
    }
  });

  it('say when to come back where coming back helps, and are never cached', () => {
    for (const [type, { ResponseParameters }] of responses) {
      const status = ANSWERS[type]?.[0];
      const retryAfter = ResponseParameters['gatewayresponse.header.Retry-After'];
      assert.equal(retryAfter !== undefined, status === '429' || status === '503', type);
      assert.equal(ResponseParameters['gatewayresponse.header.Cache-Control'], "'no-store'", type);
    }
  });

  it('are part of the deployment: a changed answer makes a new one', () => {
    const [[, deployment] = ['', undefined]] = resources(brevetTemplate(), 'AWS::ApiGateway::Deployment');
    assert.equal(deployment?.DependsOn?.filter((id) => id.includes('GatewayResponses')).length, responses.size);
  });
});
