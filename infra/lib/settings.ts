import { resolve } from 'node:path';
import type { DenialDetail } from './brevet-function.ts';
import { type ArchitectureName, BUILD_DIRECTORY } from './function-artifact.ts';
import { type Lookup, SettingReader } from './setting-reader.ts';
import type { TrustedIssuers } from './trusted-issuers.ts';

/** What differs between deployments. It comes from CI variables or CDK context, never from code. */
export interface Settings {
  readonly account: string;
  readonly region: string;
  readonly environment: string;
  readonly issuers: TrustedIssuers;
  /** A table that is there already, such as the one an earlier stack left. @default a new table */
  readonly mappingTable?: { readonly name: string; readonly streamArn: string };
  /** Whether CloudTrail records who writes to the table. */
  readonly tableTrail: boolean;
  /** Scopes that teams look after themselves, by team. */
  readonly teams: Readonly<Record<string, readonly string[]>>;
  /** How many changes of the table within five minutes are an alarm. @default the alarm's own */
  readonly suddenChanges?: number;
  readonly rolePath: string;
  readonly organizationId?: string;
  readonly domain?: { readonly name: string; readonly certificateArn: string };
  readonly customerManagedKey: boolean;
  readonly denialDetail: DenialDetail;
  /** Where the codes of refusals are explained. @default the page among Brevet's own documents */
  readonly helpUrl?: string;
  readonly gatewayLogRole: 'create' | 'existing';
  readonly alarmTopicArn?: string;
  readonly reservedConcurrency?: number;
  readonly provisionedConcurrency?: number;
  /** What the functions must have been built for. @default whatever they were built for */
  readonly architecture?: ArchitectureName;
  readonly buildDirectory: string;
}

/** Reads all settings, or throws a `SettingsError` that names every fault at once. */
export function readSettings(lookup: Lookup): Settings {
  const reader = new SettingReader(lookup);
  const settings: Settings = {
    account: reader.required(
      ['BREVET_ACCOUNT', 'CDK_DEFAULT_ACCOUNT'],
      /^\d{12}$/,
      'the 12 digits of an AWS account; with AWS credentials in reach the CDK finds it by itself',
    ),
    region: reader.required(
      ['BREVET_REGION', 'CDK_DEFAULT_REGION'],
      /^[a-z]{2}(-[a-z]+)+-\d$/,
      'an AWS region such as eu-central-1',
    ),
    environment: reader.matching('BREVET_ENVIRONMENT', /^[a-z][a-z0-9-]{0,19}$/, 'a short lower-case name') ?? 'dev',
    issuers: reader.issuers(),
    mappingTable: reader.mappingTable(),
    tableTrail: reader.oneOf('BREVET_TABLE_TRAIL', ['false', 'true']) === 'true',
    teams: reader.teams(),
    suddenChanges: reader.count('BREVET_SUDDEN_CHANGES'),
    rolePath:
      reader.matching('BREVET_ROLE_PATH', /^\/([\w+=,.@-]+\/)+$/, 'an IAM path between slashes, and not `/`') ??
      '/brevet/',
    organizationId: reader.matching(
      'BREVET_STS_ORG_ID',
      /^o-[a-z0-9]{10,32}$/,
      'an organization id such as o-a1b2c3d4e5',
    ),
    domain: reader.domain(),
    customerManagedKey: reader.oneOf('BREVET_KMS', ['false', 'true']) === 'true',
    denialDetail: reader.oneOf('BREVET_DENIAL_DETAIL', ['own', 'full']),
    helpUrl: reader.matching(
      'BREVET_HELP_URL',
      /^https:\/\/[\w.~:/?&=%@!$'()*+,;-]+$/,
      'an https address without a fragment: the code is put behind it',
    ),
    gatewayLogRole: reader.oneOf('BREVET_GATEWAY_LOG_ROLE', ['create', 'existing']),
    alarmTopicArn: reader.matching(
      'BREVET_ALARM_TOPIC_ARN',
      /^arn:[\w-]+:sns:[\w-]+:\d{12}:[\w-]+$/,
      'the ARN of an SNS topic',
    ),
    reservedConcurrency: reader.count('BREVET_RESERVED_CONCURRENCY'),
    provisionedConcurrency: reader.count('BREVET_PROVISIONED_CONCURRENCY'),
    architecture: reader.optionalOneOf('BREVET_ARCH', ['x86_64', 'arm64']),
    buildDirectory: resolve(lookup('BREVET_BOOTSTRAP_DIR') || BUILD_DIRECTORY),
  };
  reader.throwFaults();
  return settings;
}
