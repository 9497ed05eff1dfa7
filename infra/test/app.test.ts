import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { emptyDirectory } from './support/stand-in-binaries.ts';
import { ACCOUNT, ISSUERS, REGION } from './support/synth.ts';

const ROOT = join(import.meta.dirname, '..');

function compose(app: string, variables: Record<string, string>): { status: number | null; stderr: string } {
  return spawnSync(process.execPath, ['--import', 'tsx', app], {
    cwd: ROOT,
    env: { PATH: process.env.PATH, ...variables },
    encoding: 'utf8',
  });
}

describe('an app that cannot be synthesized', () => {
  it('says every fault of its settings at once, and nothing else', () => {
    assert.deepEqual(pick(compose('bin/brevet.ts', { BREVET_KMS: 'yes' })), {
      status: 1,
      stderr: `Nothing was synthesized:
  - BREVET_ACCOUNT is missing: expected the 12 digits of an AWS account; with AWS credentials in reach the CDK finds it by itself
  - BREVET_REGION is missing: expected an AWS region such as eu-central-1
  - set one of BREVET_ISSUERS (the JSON array of trusted GitLabs) and BREVET_ISSUERS_FILE (a file with it)
  - BREVET_KMS is \`yes\`: expected \`false\` or \`true\`
`,
    });
  });

  for (const app of ['bin/brevet.ts', 'examples/protected-api/app.ts']) {
    it(`says that the functions have to be built first: ${app}`, () => {
      const directory = emptyDirectory();
      const { status, stderr } = compose(app, {
        BREVET_ACCOUNT: ACCOUNT,
        BREVET_REGION: REGION,
        BREVET_ISSUERS: ISSUERS,
        BREVET_BOOTSTRAP_DIR: directory,
      });
      assert.equal(status, 1);
      assert.equal(
        stderr,
        `Nothing was synthesized:\n  - ${directory}/authorizer/bootstrap is missing: run \`make build\` first\n`,
      );
    });
  }
});

function pick({ status, stderr }: { status: number | null; stderr: string }): {
  status: number | null;
  stderr: string;
} {
  return { status, stderr };
}
