import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { Stack, Validations } from 'aws-cdk-lib';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import { AwsSolutionsChecks } from 'cdk-nag';
import type { IConstruct } from 'constructs';
import { allStacks } from './support/stacks.ts';
import { testApp } from './support/synth.ts';

describe('cdk-nag AwsSolutions', () => {
  it('finds a table without recovery, so its silence below means something', () => {
    const stack = new Stack(testApp(), 'Careless');
    new dynamodb.Table(stack, 'Table', { partitionKey: { name: 'id', type: dynamodb.AttributeType.STRING } });
    const { violations } = new AwsSolutionsChecks().validateScope(stack);
    assert.deepEqual(
      violations.map(({ ruleName }) => ruleName),
      ['AwsSolutions-DDB3'],
    );
  });

  for (const stack of allStacks(testApp())) {
    it(`finds nothing in ${stack.stackName}`, () => {
      const { violations } = new AwsSolutionsChecks().validateScope(stack);
      assert.deepEqual(
        violations.map(({ ruleName, violatingResources }) => [
          ruleName,
          violatingResources.map(({ constructPath }) => constructPath),
        ]),
        [],
      );
    });

    it(`is told a reason for each rule that does not apply to ${stack.stackName}`, () => {
      for (const construct of stack.node.findAll()) {
        for (const [id, reason] of acknowledged(construct)) {
          assert.ok(reason.split(' ').length > 5, `${construct.node.path} ${id}: ${reason}`);
        }
      }
    });
  }
});

describe("CloudFormation's own rules", () => {
  it('find nothing in any stack', () => {
    // Whoever turns the check off for quick deployments has it here.
    delete process.env.CDK_VALIDATION;
    const app = testApp(true);
    allStacks(app);
    const report = join(app.synth().directory, 'validation-report.json');
    assert.deepEqual(JSON.parse(readFileSync(report, 'utf8')).pluginReports, []);
  });
});

function acknowledged(construct: IConstruct): [string, string][] {
  return construct.node.metadata
    .filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
    .flatMap(({ data }) => Object.entries(data as Record<string, string>));
}
