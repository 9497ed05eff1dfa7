import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { Stack } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { deploymentPackage, functionArtifact } from '../lib/function-artifact.ts';
import { TrustedIssuers } from '../lib/trusted-issuers.ts';
import { emptyDirectory, MACHINE, standInBinaries, writeBootstrap } from './support/stand-in-binaries.ts';
import { ISSUERS, testApp } from './support/synth.ts';

const INLINE = TrustedIssuers.inline(ISSUERS);

function issuersFile(content: string): TrustedIssuers {
  const path = join(emptyDirectory(), 'any-name.json');
  writeFileSync(path, content);
  return TrustedIssuers.file(path);
}

/** Synthesizes one function for each kind of issuers and says which files its package holds. */
function packages(buildDirectory: string, ...issuers: TrustedIssuers[]): Record<string, string>[] {
  const app = testApp();
  const stack = new Stack(app, 'Test');
  const artifact = functionArtifact('authorizer', buildDirectory);
  issuers.forEach((kind, index) => {
    new lambda.Function(stack, `Function${index}`, {
      code: deploymentPackage(artifact, kind),
      runtime: lambda.Runtime.PROVIDED_AL2023,
      handler: 'bootstrap',
    });
  });
  const assembly = app.synth();
  const keys = Object.entries(assembly.getStackByName('Test').template.Resources)
    .filter(([id]) => /^Function\d[0-9A-F]{8}$/.test(id))
    .map(([, resource]) => (resource as { Properties: { Code: { S3Key: string } } }).Properties.Code.S3Key);
  return keys.map((key) => {
    const path = join(assembly.directory, `asset.${key.replace('.zip', '')}`);
    return Object.fromEntries(readdirSync(path).map((file) => [file, readFileSync(join(path, file), 'latin1')]));
  });
}

describe('a function that was built', () => {
  it('is asked for in one sentence when it is missing', () => {
    assert.throws(() => functionArtifact('credentials', '/nowhere'), {
      message: '/nowhere/credentials/bootstrap is missing: run `make build` first',
    });
  });

  it('is refused when it is no Linux binary for Lambda', () => {
    const script = emptyDirectory();
    writeBootstrap(script, 'authorizer', Buffer.from('#!/bin/sh\n'));
    for (const directory of [script, standInBinaries(MACHINE.riscv)]) {
      assert.throws(() => functionArtifact('authorizer', directory), /is not a Linux binary for x86_64 or arm64/);
    }
  });

  it('is refused when the deployment wants another architecture', () => {
    const directory = standInBinaries(MACHINE.x86_64);
    assert.throws(
      () => functionArtifact('authorizer', directory, 'arm64'),
      /was built for x86_64: run `make build ARCH=arm64` first/,
    );
  });

  it('says itself which architecture it is for', () => {
    for (const [machine, architecture] of [
      [MACHINE.x86_64, lambda.Architecture.X86_64],
      [MACHINE.arm64, lambda.Architecture.ARM_64],
    ] as const) {
      assert.equal(functionArtifact('authorizer', standInBinaries(machine)).architecture, architecture);
    }
  });
});

describe('a deployment package', () => {
  it('holds the binary, and nothing else that lies beside it', () => {
    const directory = standInBinaries();
    writeFileSync(join(directory, 'authorizer', 'notes.txt'), 'not for Lambda');
    const [files] = packages(directory, INLINE);
    assert.deepEqual(Object.keys(files ?? {}), ['bootstrap']);
  });

  it('holds the issuers that travel as a file, under the name the environment gives', () => {
    const issuers = issuersFile(ISSUERS);
    const [files] = packages(standInBinaries(), issuers);
    assert.equal(files?.[issuers.environment().TRUSTED_ISSUERS_FILE ?? ''], ISSUERS);
  });

  it('is not mistaken for another of the same binary with other issuers', () => {
    const found = packages(standInBinaries(), issuersFile('[1]'), issuersFile('[2]'), INLINE);
    assert.deepEqual(
      found.map((files) => files['issuers.json']),
      ['[1]', '[2]', undefined],
    );
  });
});
