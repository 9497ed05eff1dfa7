import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, it } from 'node:test';
import { Template } from 'aws-cdk-lib/assertions';
import { BUILD_DIRECTORY, type FunctionName } from '../lib/function-artifact.ts';
import { allStacks } from './support/stacks.ts';
import { emptyDirectory } from './support/stand-in-binaries.ts';
import { brevet, ISSUERS, testApp } from './support/synth.ts';
import { flat, resources } from './support/template.ts';

type Variables = Readonly<Record<string, string>>;

const DIRECTORY = resolve(process.env.BREVET_BOOTSTRAP_DIR || BUILD_DIRECTORY);

/** Asks a function itself, as it was built, what it thinks of an environment. */
function checkConfig(
  name: FunctionName,
  variables: Variables,
  taskRoot = '/var/task',
): { status: number | null; says: string } {
  const bootstrap = join(DIRECTORY, name, 'bootstrap');
  assert.ok(existsSync(bootstrap), `${bootstrap} is missing: run \`make build\` or \`make build-local\` first`);
  const { status, stdout, stderr, error } = spawnSync(bootstrap, ['check-config'], {
    env: { ...variables, LAMBDA_TASK_ROOT: taskRoot, AWS_REGION: 'eu-central-1' },
    encoding: 'utf8',
    timeout: 10_000,
  });
  return { status, says: error === undefined ? stdout + stderr : error.message };
}

/** The environments of Brevet's functions in a stack, as they are once deployed. */
function environments(template: Template): [id: string, name: FunctionName, variables: Variables][] {
  return resources(template, 'AWS::Lambda::Function')
    .filter(([, { Properties }]) => Properties.Runtime === 'provided.al2023')
    .map(([id, { Properties }]) => {
      const { Variables } = flat(Properties.Environment) as { Variables: Variables };
      const deployed = Object.entries(Variables).map(([key, value]) => [
        key,
        value.startsWith('<') ? resolved(value) : value,
      ]);
      return [id, functionOf(Variables), Object.fromEntries(deployed)];
    });
}

/** Which function it is that has such variables. */
function functionOf(variables: Variables): FunctionName {
  if ('ROUTE_POLICY' in variables) {
    return 'authorizer';
  }
  return 'TOKEN_USE_TABLE' in variables ? 'credentials' : 'mapping-auditor';
}

/** What CloudFormation would put in place of a reference. */
function resolved(reference: string): string {
  return /issuers/i.test(reference) ? ISSUERS : 'Brevet-dev-Table-1A2B3C';
}

describe('the environment of a function', () => {
  for (const stack of allStacks(testApp())) {
    for (const [id, name, variables] of environments(Template.fromStack(stack))) {
      it(`is accepted by the function itself: ${stack.stackName} ${id}`, () => {
        const { status, says } = checkConfig(name, variables);
        assert.equal(says.trim(), 'configuration accepted');
        assert.equal(status, 0);
      });
    }
  }

  it('is accepted when the issuers travel as a file', () => {
    const taskRoot = emptyDirectory();
    const file = join(taskRoot, 'issuers.json');
    writeFileSync(file, ISSUERS);
    const stack = brevet({ BREVET_ISSUERS: undefined, BREVET_ISSUERS_FILE: file });
    for (const [id, name, variables] of environments(Template.fromStack(stack))) {
      const { status, says } = checkConfig(name, variables, taskRoot);
      assert.equal(status, 0, `${id}: ${says}`);
    }
  });

  it('is refused when something is missing, so that the acceptance above means something', () => {
    for (const [id, name, variables] of environments(Template.fromStack(brevet()))) {
      const missing = name === 'mapping-auditor' ? 'ROLE_PATH' : 'TRUSTED_ISSUERS';
      const { [missing]: _, ...incomplete } = variables;
      const { status, says } = checkConfig(name, incomplete);
      assert.equal(status, 1, `${id}: ${says}`);
      assert.match(says, new RegExp(missing));
    }
  });
});
