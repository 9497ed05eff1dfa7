import { flat } from './template.ts';

/** One thing that one principal may do, as a template says it. */
export interface Grant {
  readonly who: string;
  readonly action: string;
  readonly resource: string;
  /** Operator and key of each condition, such as `StringEquals aws:SourceArn`. */
  readonly conditions: readonly string[];
}

/** A template as JSON, or as much of one as a reader of permissions needs. */
export interface Synthesized {
  readonly Parameters?: Readonly<Record<string, { readonly Type?: string; readonly Default?: unknown }>>;
  readonly Resources: Readonly<Record<string, { readonly Type: string; readonly Properties?: Properties }>>;
}

/**
 * Everything that a template allows: by identity policies, by the managed policies that roles carry, by the trust policies of roles, and
 * by the policies of resources, wherever among a resource's properties they stand. What is denied takes nothing away here.
 */
export function grantsOf(template: Synthesized): Grant[] {
  const parameters = template.Parameters ?? {};
  return Object.entries(template.Resources).flatMap(([id, { Type, Properties }]) => {
    const properties = flat(spelledOut(Properties ?? {}, parameters)) as Properties;
    const self = String(flat({ Ref: id }));
    return [
      ...managedPolicies(self, properties),
      ...(Type === 'AWS::Lambda::Permission' ? [invocation(properties)] : []),
      ...documents(properties).flatMap(({ property, statement }) =>
        granted(statement, Type, property, self, properties),
      ),
    ];
  });
}

type Properties = Readonly<Record<string, unknown>>;

interface Statement {
  readonly Effect?: unknown;
  readonly Principal?: unknown;
  readonly NotPrincipal?: unknown;
  readonly Action?: unknown;
  readonly NotAction?: unknown;
  readonly Resource?: unknown;
  readonly NotResource?: unknown;
  readonly Condition?: Readonly<Record<string, Properties>>;
}

/** Policies of these are the permissions of whom they are attached to; the policy of any other resource names its principals. */
const IDENTITY_POLICIES = [
  'AWS::IAM::Policy',
  'AWS::IAM::ManagedPolicy',
  'AWS::IAM::RolePolicy',
  'AWS::IAM::UserPolicy',
];
const IDENTITIES = ['AWS::IAM::Role', 'AWS::IAM::User', 'AWS::IAM::Group'];

function granted(statement: Statement, type: string, property: string, self: string, properties: Properties): Grant[] {
  if (statement.Effect !== 'Allow') {
    return [];
  }
  const trust = property === 'AssumeRolePolicyDocument';
  const ofIdentity = IDENTITY_POLICIES.includes(type) || (IDENTITIES.includes(type) && !trust);
  const who = ofIdentity ? holders(type, self, properties) : principals(statement);
  const actions = [...strings(statement.Action), ...butFor(statement.NotAction)];
  const named = [...strings(statement.Resource), ...butFor(statement.NotResource)];
  // A trust policy names no resource: it is about its role.
  const resources = named.length > 0 ? named : [self];
  const conditions = Object.entries(statement.Condition ?? {}).flatMap(([operator, keys]) =>
    Object.keys(keys).map((key) => `${operator} ${key}`),
  );
  return who.flatMap((one) =>
    actions.flatMap((action) => resources.map((resource) => ({ who: one, action, resource, conditions }))),
  );
}

function holders(type: string, self: string, properties: Properties): string[] {
  if (IDENTITIES.includes(type)) {
    return [self];
  }
  const names = ['Roles', 'Users', 'Groups', 'RoleName', 'UserName'].flatMap((property) =>
    strings(properties[property]),
  );
  return names.length > 0 ? names : [`whoever carries ${self}`];
}

function principals(statement: Statement): string[] {
  const { Principal, NotPrincipal } = statement;
  return [...named(Principal), ...named(NotPrincipal).map((name) => `${ALL_BUT}${name}`)];
}

function named(principal: unknown): string[] {
  if (typeof principal === 'object' && principal !== null && !Array.isArray(principal)) {
    return Object.values(principal).flatMap(strings);
  }
  return strings(principal);
}

const ALL_BUT = '* but ';

/** `NotAction` and `NotResource` allow whatever they do not name, which is a wildcard of the widest kind. */
function butFor(value: unknown): string[] {
  const names = strings(value);
  return names.length > 0 ? [`${ALL_BUT}${names.join(', ')}`] : [];
}

function managedPolicies(self: string, properties: Properties): Grant[] {
  return strings(properties.ManagedPolicyArns).map((arn) => ({
    who: self,
    action: `* of ${arn}`,
    resource: '*',
    conditions: [],
  }));
}

/** `AWS::Lambda::Permission` is one statement of a function's policy in a form of its own. */
function invocation(properties: Properties): Grant {
  const conditions = ['SourceArn', 'SourceAccount', 'PrincipalOrgID', 'EventSourceToken', 'FunctionUrlAuthType'];
  return {
    who: String(properties.Principal),
    action: String(properties.Action),
    resource: String(properties.FunctionName),
    conditions: conditions.filter((name) => properties[name] !== undefined),
  };
}

/** Every statement of every policy document below a value, and the property it was found in. Some resources take theirs as text. */
function documents(value: unknown, property = ''): { property: string; statement: Statement }[] {
  if (typeof value === 'string') {
    return /^\s*\{[^]*"Statement"/.test(value) ? documents(JSON.parse(value), property) : [];
  }
  if (typeof value !== 'object' || value === null) {
    return [];
  }
  return Object.entries(value).flatMap(([name, member]) =>
    name === 'Statement'
      ? [member].flat().map((statement) => ({ property, statement: statement as Statement }))
      : documents(member, Array.isArray(value) ? property : name),
  );
}

/** References to what Brevet publishes in SSM, by the name it is published under; and every partition as the common one. */
function spelledOut(value: unknown, parameters: NonNullable<Synthesized['Parameters']>): unknown {
  if (Array.isArray(value)) {
    return value.map((member) => spelledOut(member, parameters));
  }
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  const { Ref } = value as { Ref?: unknown };
  if (Ref === 'AWS::Partition') {
    return 'aws';
  }
  const parameter = typeof Ref === 'string' ? parameters[Ref] : undefined;
  if (parameter?.Type?.startsWith('AWS::SSM::Parameter::Value')) {
    return `<${String(parameter.Default)}>`;
  }
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, spelledOut(member, parameters)]));
}

function strings(value: unknown): string[] {
  return value === undefined ? [] : [value].flat().map((one) => (typeof one === 'string' ? one : JSON.stringify(one)));
}
