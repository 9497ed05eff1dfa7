import { CfnOutput } from 'aws-cdk-lib';
import * as ssm from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';

/** What other teams need to know of a deployed Brevet, by the last part of its SSM parameter name. */
export type Fact =
  | 'credentials-url'
  | 'api-id'
  | 'mapping-table-name'
  | 'mapping-table-arn'
  | 'vending-role-arn'
  | 'role-path'
  | 'issuers'
  | 'audit-log-group'
  | 'mapping-audit-log-group';

/** A fact about the Brevet of this account and region, read when the stack of `scope` is deployed. */
export function fact(scope: Construct, environment: string, name: Fact): string {
  return ssm.StringParameter.valueForStringParameter(scope, parameterName(environment, name));
}

export interface PublishedFactsProps {
  readonly environment: string;
  readonly facts: Partial<Record<Fact, string>>;
}

/** Publishes facts as SSM parameters, for stacks, and as stack outputs, for people. None of them is a secret. */
export class PublishedFacts extends Construct {
  constructor(scope: Construct, id: string, props: PublishedFactsProps) {
    super(scope, id);
    for (const [fact, value] of Object.entries(props.facts) as [Fact, string][]) {
      const name = pascalCase(fact);
      new ssm.StringParameter(this, name, {
        parameterName: parameterName(props.environment, fact),
        stringValue: value,
      });
      new CfnOutput(this, `${name}Output`, { value }).overrideLogicalId(name);
    }
  }
}

function parameterName(environment: string, fact: Fact): string {
  return `/brevet/${environment}/${fact}`;
}

/** `api-id` -> `ApiId`: outputs allow letters and digits only. */
function pascalCase(fact: string): string {
  return fact.replace(/(^|-)([a-z])/g, (_match, _dash, letter: string) => letter.toUpperCase());
}
