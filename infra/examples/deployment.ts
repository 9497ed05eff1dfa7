import type { App, Environment } from 'aws-cdk-lib';

/** Where an example goes, and which Brevet it belongs to. */
export interface Deployment {
  readonly env: Environment;
  /** The name of the Brevet deployment, whose facts are in SSM under `/brevet/<environment>/`. */
  readonly environment: string;
  /** CDK context first, then the process environment. */
  setting(name: string): string | undefined;
}

export function deployment(app: App): Deployment {
  const setting = (name: string): string | undefined => app.node.tryGetContext(name) || process.env[name] || undefined;
  return {
    env: {
      account: setting('BREVET_ACCOUNT') ?? setting('CDK_DEFAULT_ACCOUNT'),
      region: setting('BREVET_REGION') ?? setting('CDK_DEFAULT_REGION'),
    },
    environment: setting('BREVET_ENVIRONMENT') ?? 'dev',
    setting,
  };
}
