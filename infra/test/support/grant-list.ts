import type { Grant, Synthesized } from './grants.ts';
import { grantsOf } from './grants.ts';

/** What one principal is expected to be allowed, in each of some stacks. */
export interface Expected {
  readonly in: readonly string[];
  readonly who: string;
  readonly may: readonly string[];
  readonly on: readonly string[];
  readonly if?: readonly string[];
  /** Why something is as wide as a wildcard makes it. */
  readonly why?: string;
}

export interface GrantList {
  readonly grants: readonly Expected[];
  /** Types of resources that by themselves let nobody do anything: any other has to be looked at first. */
  readonly types: readonly string[];
}

/** What differs between the list and the templates, by name of stack, one sentence each. */
export function differences(list: GrantList, templates: Readonly<Record<string, Synthesized>>): string[] {
  const expected = new Set(list.grants.flatMap((entry) => entry.in.flatMap((stack) => sentences(stack, atoms(entry)))));
  const found = new Set(Object.entries(templates).flatMap(([stack, template]) => sentences(stack, grantsOf(template))));
  return [
    ...[...found].filter((grant) => !expected.has(grant)).map((grant) => `${grant}, which is not on the list`),
    ...[...expected].filter((grant) => !found.has(grant)).map((grant) => `${grant}: on the list, and in no template`),
    ...list.grants
      .filter(isUnexplained)
      .map((entry) => `${sentences('the list', atoms(entry))[0]}: a wildcard without a \`why\``),
    ...unknownTypes(list, templates),
  ];
}

function atoms(entry: Expected): Grant[] {
  const { who, may, on, if: conditions = [] } = entry;
  return may.flatMap((action) => on.map((resource) => ({ who, action, resource, conditions })));
}

function sentences(stack: string, grants: readonly Grant[]): string[] {
  return grants.map(({ who, action, resource, conditions }) => {
    const when = conditions.length === 0 ? '' : ` if ${[...conditions].sort().join(', ')}`;
    return `${stack}: \`${who}\` may \`${action}\` on \`${resource}\`${when}`;
  });
}

function isUnexplained({ who, may, on, why }: Expected): boolean {
  return [who, ...on, ...may].some((text) => text.includes('*')) && (why ?? '').split(' ').length < 5;
}

function unknownTypes(list: GrantList, templates: Readonly<Record<string, Synthesized>>): string[] {
  const used = new Set(
    Object.values(templates).flatMap(({ Resources }) => Object.values(Resources).map(({ Type }) => Type)),
  );
  return [
    ...[...used]
      .filter((type) => !list.types.includes(type))
      .map((type) => `${type}: whether it lets anybody do anything is not known here`),
    ...list.types.filter((type) => !used.has(type)).map((type) => `${type}: on the list, and in no template`),
  ];
}
