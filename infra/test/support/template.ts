import assert from 'node:assert/strict';
import type { Template } from 'aws-cdk-lib/assertions';

/** A resource of a synthesized template. */
export interface Resource {
  readonly Type: string;
  readonly Properties: Record<string, unknown>;
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
  readonly DependsOn?: string[];
}

/** The one resource of `type` whose logical id starts with `prefix`. */
export function resource(template: Template, type: string, prefix = ''): Resource {
  const found = resources(template, type).filter(([id]) => id.startsWith(prefix));
  assert.equal(found.length, 1, `one ${type} with an id that starts with \`${prefix}\`, of ${found.map(([id]) => id)}`);
  const [[, only] = ['', undefined]] = found;
  assert.ok(only);
  return only;
}

export function resources(template: Template, type: string): [string, Resource][] {
  return Object.entries(template.findResources(type)) as [string, Resource][];
}

/** The statements of the inline policy of a role, references spelled out. */
export function statements(template: Template, policyPrefix: string): unknown[] {
  const policy = resource(template, 'AWS::IAM::Policy', policyPrefix).Properties.PolicyDocument;
  return (flat(policy) as { Statement: unknown[] }).Statement;
}

/** The trust policy's statements of a role. */
export function trust(template: Template, rolePrefix: string): unknown[] {
  const document = resource(template, 'AWS::IAM::Role', rolePrefix).Properties.AssumeRolePolicyDocument;
  return (flat(document) as { Statement: unknown[] }).Statement;
}

/**
 * A template value as one would write it down: references as `<Id>` and `<Id.Attribute>` without the hash of the id, joined strings
 * joined.
 */
export function flat(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(flat);
  }
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  const object = value as Record<string, unknown>;
  if (typeof object.Ref === 'string') {
    return `<${withoutHash(object.Ref)}>`;
  }
  if (Array.isArray(object['Fn::GetAtt'])) {
    const [id, attribute] = object['Fn::GetAtt'] as [string, string];
    return `<${withoutHash(id)}.${attribute}>`;
  }
  if (Array.isArray(object['Fn::Join'])) {
    const [separator, parts] = object['Fn::Join'] as [string, unknown[]];
    return parts.map(flat).join(separator);
  }
  return Object.fromEntries(Object.entries(object).map(([key, member]) => [key, flat(member)]));
}

function withoutHash(logicalId: string): string {
  return logicalId.replace(/[0-9A-F]{8}$/, '');
}
