import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { BrevetStack } from '../../lib/brevet-stack.ts';
import type { Lookup } from '../../lib/setting-reader.ts';
import { readSettings } from '../../lib/settings.ts';
import { standInBinaries } from './stand-in-binaries.ts';

export const ACCOUNT = '111122223333';
export const REGION = 'eu-central-1';
export const ENV = { account: ACCOUNT, region: REGION };
export const ISSUERS = '[{"issuer":"https://gitlab.example.com","audiences":["https://credentials.example.com"]}]';
export const BINARIES = standInBinaries();

const CDK_JSON: { context: Record<string, unknown> } = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../cdk.json'), 'utf8'),
);

/** An app with the feature flags of the real one. The CDK's own template check takes seconds: one test runs it for all stacks. */
export function testApp(builtinCloudFormationValidation = false): App {
  return new App({ context: CDK_JSON.context, builtinCloudFormationValidation });
}

/** A stack to put a single construct into. */
export function testStack(): Stack {
  return new Stack(testApp(), 'Test', { env: ENV });
}

/** The smallest set of variables a deployment needs, with some changed; `undefined` removes one. */
export function variables(changed: Record<string, string | undefined> = {}): Lookup {
  const all: Record<string, string | undefined> = {
    BREVET_ACCOUNT: ACCOUNT,
    BREVET_REGION: REGION,
    BREVET_ISSUERS: ISSUERS,
    BREVET_BOOTSTRAP_DIR: BINARIES,
    ...changed,
  };
  return (name) => all[name];
}

/** Brevet as it is deployed with these variables. */
export function brevet(changed: Record<string, string | undefined> = {}): BrevetStack {
  const settings = readSettings(variables(changed));
  return new BrevetStack(testApp(), `Brevet-${settings.environment}`, {
    env: { account: settings.account, region: settings.region },
    settings,
  });
}

export function brevetTemplate(changed: Record<string, string | undefined> = {}): Template {
  return Template.fromStack(brevet(changed));
}
