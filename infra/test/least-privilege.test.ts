import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { Template } from 'aws-cdk-lib/assertions';
import { differences, type Expected, type GrantList } from './support/grant-list.ts';
import type { Synthesized } from './support/grants.ts';
import { allStacks } from './support/stacks.ts';
import { brevetTemplate, testApp } from './support/synth.ts';

const LIST = JSON.parse(readFileSync(join(import.meta.dirname, 'least-privilege.json'), 'utf8')) as GrantList;

/** Every stack there is, and Brevet on a table that was there before it. */
function everyTemplate(): Record<string, Synthesized> {
  const templates = allStacks(testApp()).map((stack) => [stack.stackName, Template.fromStack(stack)] as const);
  const onOldTable = brevetTemplate({
    BREVET_MAPPING_TABLE: 'old-table',
    BREVET_MAPPING_STREAM_ARN: OLD_STREAM,
  });
  return Object.fromEntries(
    [...templates, ['Brevet-old-table', onOldTable] as const].map(([name, template]) => [
      name,
      template.toJSON() as Synthesized,
    ]),
  );
}

const OLD_STREAM = 'arn:aws:dynamodb:eu-central-1:111122223333:table/old-table/stream/2026-01-01T00:00:00.000';

describe('what every stack allows', () => {
  it('is what the list says, to the last action: test/least-privilege.json', () => {
    assert.deepEqual(differences(LIST, everyTemplate()), []);
  });
});

describe('the list of what is allowed', () => {
  const ENTRY: Expected = { in: ['S'], who: '<Worker>', may: ['s3:GetObject'], on: ['arn:aws:s3:::bucket/key'] };

  function template(Action: string, more: Record<string, unknown> = {}): Record<string, Synthesized> {
    const Statement = [{ Effect: 'Allow', Action, Resource: 'arn:aws:s3:::bucket/key', ...more }];
    return {
      S: {
        Resources: {
          P: { Type: 'AWS::IAM::Policy', Properties: { PolicyDocument: { Statement }, Roles: ['<Worker>'] } },
        },
      },
    };
  }

  function compared(templates: Record<string, Synthesized>, changed: Partial<Expected> = {}): string[] {
    return differences({ grants: [{ ...ENTRY, ...changed }], types: ['AWS::IAM::Policy'] }, templates);
  }

  it('says nothing where template and list agree', () => {
    assert.deepEqual(compared(template('s3:GetObject')), []);
  });

  it('names the role, the action and the resource of a permission that is not on it, and what no template has', () => {
    assert.deepEqual(compared(template('s3:PutObject')), [
      'S: `<Worker>` may `s3:PutObject` on `arn:aws:s3:::bucket/key`, which is not on the list',
      'S: `<Worker>` may `s3:GetObject` on `arn:aws:s3:::bucket/key`: on the list, and in no template',
    ]);
  });

  it('tells a condition that is gone', () => {
    assert.deepEqual(compared(template('s3:GetObject'), { if: ['Bool aws:SecureTransport'] }), [
      'S: `<Worker>` may `s3:GetObject` on `arn:aws:s3:::bucket/key`, which is not on the list',
      'S: `<Worker>` may `s3:GetObject` on `arn:aws:s3:::bucket/key` if Bool aws:SecureTransport: on the list, and in no template',
    ]);
  });

  it('takes no wildcard without a reason', () => {
    const wide = { may: ['s3:*'] };
    assert.deepEqual(compared(template('s3:*'), { ...wide, why: 'Because.' }), [
      'the list: `<Worker>` may `s3:*` on `arn:aws:s3:::bucket/key`: a wildcard without a `why`',
    ]);
    assert.deepEqual(compared(template('s3:*'), { ...wide, why: 'This bucket is all the role is for.' }), []);
  });

  it('wants a look at every type of resource that is new', () => {
    const templates = template('s3:GetObject');
    const share: Synthesized = { Resources: { Share: { Type: 'AWS::RAM::ResourceShare' } } };
    assert.deepEqual(compared({ ...templates, T: share }), [
      'AWS::RAM::ResourceShare: whether it lets anybody do anything is not known here',
    ]);
  });
});
