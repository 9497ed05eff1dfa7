import { Stack, Validations } from 'aws-cdk-lib';
import { flattenCfnReference } from 'cdk-nag/lib/utils/flatten-cfn-reference.js';
import type { IConstruct } from 'constructs';

/** Records why a cdk-nag rule does not apply to a construct and what is below it. */
export function acknowledge(construct: IConstruct, id: string, reason: string): void {
  Validations.of(construct).acknowledge({ id, reason });
}

/** The same for a wildcard in a policy's resource: each is a finding of its own, named after the resource as the template spells it. */
export function acknowledgeWildcard(construct: IConstruct, resourceArn: string, reason: string): void {
  const spelled = flattenCfnReference(Stack.of(construct).resolve(resourceArn));
  acknowledge(construct, `AwsSolutions-IAM5[Resource::${spelled}]`, reason);
}
