import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { AccessLog } from '../lib/access-log.ts';
import { brevetTemplate } from './support/synth.ts';
import { resource } from './support/template.ts';

describe('the access log', () => {
  const template = brevetTemplate();
  const { AccessLogSetting } = resource(template, 'AWS::ApiGateway::Stage').Properties;
  const format = (AccessLogSetting as { Format: string }).Format;

  it('names nothing a caller can write a token into', () => {
    const refused = [
      /header/i,
      /authorization/i,
      /querystring/i,
      /body/i,
      /apiKey/i,
      // As called, not as declared: a token can stand in the path.
      /\$context\.path/,
      /\$context\.protocol/,
      // Quotes the Authorization header for some errors.
      /error\.message/,
      // A string of the client that may break the JSON of the line.
      /userAgent/,
    ];
    for (const pattern of refused) {
      assert.doesNotMatch(format, pattern);
    }
  });

  it('consists of these fields, one JSON object a request', () => {
    assert.deepEqual(JSON.parse(format), AccessLog.FIELDS);
    assert.deepEqual(Object.keys(AccessLog.FIELDS), [
      'request_id',
      'time',
      'source_ip',
      'method',
      'route',
      'status',
      'response_length',
      'response_latency',
      'integration_latency',
      'integration_status',
      'error_type',
      'authorizer_status',
      'principal',
      'reason_code',
    ]);
  });

  it('is kept for three months', () => {
    assert.equal(resource(template, 'AWS::Logs::LogGroup', 'CredentialsApiAccessLog').Properties.RetentionInDays, 90);
  });
});
