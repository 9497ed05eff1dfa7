import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { Template } from 'aws-cdk-lib/assertions';
import { allStacks } from './support/stacks.ts';
import { testApp } from './support/synth.ts';

const DIRECTORY = join(import.meta.dirname, 'snapshots');

/** Names of packages are hashes of binaries, which is no change of the infrastructure. */
function stable(template: Template): string {
  return `${JSON.stringify(template.toJSON(), null, 2).replace(/\b[0-9a-f]{64}\b/g, '<package>')}\n`;
}

describe('the templates', () => {
  for (const stack of allStacks(testApp())) {
    it(`are as they were reviewed: ${stack.stackName} (after a wanted change: npm run snapshot)`, () => {
      const file = join(DIRECTORY, `${stack.stackName}.json`);
      const actual = stable(Template.fromStack(stack));
      if (process.env.UPDATE_SNAPSHOTS) {
        mkdirSync(DIRECTORY, { recursive: true });
        writeFileSync(file, actual);
      }
      assert.ok(existsSync(file), `${file} is missing`);
      assert.equal(actual, readFileSync(file, 'utf8'));
    });
  }
});
