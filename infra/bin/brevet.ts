#!/usr/bin/env -S npx tsx
import { App, Tags, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { BrevetStack } from '../lib/brevet-stack.ts';
import { SettingsError } from '../lib/setting-reader.ts';
import { readSettings } from '../lib/settings.ts';

const app = new App();
try {
  const settings = readSettings((name) => app.node.tryGetContext(name) ?? process.env[name]);
  const stack = new BrevetStack(app, `Brevet-${settings.environment}`, {
    description: 'Brevet: short-lived AWS credentials for GitLab jobs',
    env: { account: settings.account, region: settings.region },
    settings,
  });
  Tags.of(stack).add('brevet:environment', settings.environment);
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
} catch (error) {
  if (!(error instanceof SettingsError)) {
    throw error;
  }
  console.error(['Brevet cannot be synthesized:', ...error.faults.map((fault) => `  - ${fault}`)].join('\n'));
  process.exitCode = 1;
}
