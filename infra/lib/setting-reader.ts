import { readFileSync } from 'node:fs';
import { issuersFault } from './issuers-fault.ts';
import { readTeams } from './teams.ts';
import { SettingsError } from './settings-error.ts';
import { TrustedIssuers } from './trusted-issuers.ts';

/** Looks a setting up by name. */
export type Lookup = (name: string) => string | undefined;

/** Reads single settings and collects what is wrong with them. An empty variable counts as none: CI systems pass those. */
export class SettingReader {
  private readonly faults: string[] = [];

  constructor(private readonly lookup: Lookup) {}

  matching(name: string, pattern: RegExp, expected: string): string | undefined {
    const value = this.lookup(name) || undefined;
    if (value !== undefined && !pattern.test(value)) {
      this.faults.push(`${name} is \`${value}\`: expected ${expected}`);
    }
    return value;
  }

  /** The first of `names` that is set. */
  required(names: readonly [string, ...string[]], pattern: RegExp, expected: string): string {
    const name = names.find((candidate) => this.lookup(candidate));
    if (name === undefined) {
      this.faults.push(`${names[0]} is missing: expected ${expected}`);
      return '';
    }
    return this.matching(name, pattern, expected) ?? '';
  }

  /** One of `choices`, the first when the setting is absent. */
  oneOf<Choice extends string>(name: string, choices: readonly [Choice, ...Choice[]]): Choice {
    return this.optionalOneOf(name, choices) ?? choices[0];
  }

  optionalOneOf<Choice extends string>(name: string, choices: readonly Choice[]): Choice | undefined {
    const value = this.lookup(name) || undefined;
    const choice = choices.find((candidate) => candidate === value);
    if (choice !== value) {
      this.faults.push(
        `${name} is \`${value}\`: expected ${choices.map((candidate) => `\`${candidate}\``).join(' or ')}`,
      );
    }
    return choice;
  }

  count(name: string): number | undefined {
    const value = this.matching(name, /^[1-9]\d{0,3}$/, 'a whole number from 1 to 9999');
    return value === undefined ? undefined : Number(value);
  }

  domain(): { readonly name: string; readonly certificateArn: string } | undefined {
    const name = this.matching(
      'BREVET_DOMAIN',
      /^[a-z0-9-]+(\.[a-z0-9-]+)+$/,
      'a host name such as credentials.example.com',
    );
    const certificateArn = this.matching(
      'BREVET_CERTIFICATE_ARN',
      /^arn:[\w-]+:acm:[\w-]+:\d{12}:certificate\/[\w-]+$/,
      'the ARN of an ACM certificate of the same region',
    );
    if (name !== undefined && certificateArn !== undefined) {
      return { name, certificateArn };
    }
    if (name !== undefined || certificateArn !== undefined) {
      this.faults.push('BREVET_DOMAIN and BREVET_CERTIFICATE_ARN go together: set both or neither');
    }
    return undefined;
  }

  mappingTable(): { readonly name: string; readonly streamArn: string } | undefined {
    const name = this.matching('BREVET_MAPPING_TABLE', /^[\w.-]{3,255}$/, 'the name of a DynamoDB table');
    const streamArn = this.matching(
      'BREVET_MAPPING_STREAM_ARN',
      /^arn:[\w-]+:dynamodb:[\w-]+:\d{12}:table\/[\w.-]+\/stream\/[\w.:-]+$/,
      "the ARN of a table's stream",
    );
    if (name !== undefined && streamArn !== undefined) {
      return { name, streamArn };
    }
    if (name !== undefined || streamArn !== undefined) {
      this.faults.push(
        'BREVET_MAPPING_TABLE and BREVET_MAPPING_STREAM_ARN go together: `aws dynamodb describe-table --query Table.LatestStreamArn` tells the second',
      );
    }
    return undefined;
  }

  teams(): Readonly<Record<string, readonly string[]>> {
    const { teams, fault } = readTeams(this.lookup('BREVET_TEAMS') || '{}');
    this.addFault('BREVET_TEAMS', fault);
    return teams;
  }

  issuers(): TrustedIssuers {
    const inline = this.lookup('BREVET_ISSUERS') || undefined;
    const file = this.lookup('BREVET_ISSUERS_FILE') || undefined;
    if ((inline === undefined) === (file === undefined)) {
      this.faults.push(
        'set one of BREVET_ISSUERS (the JSON array of trusted GitLabs) and BREVET_ISSUERS_FILE (a file with it)',
      );
    }
    if (inline !== undefined) {
      this.addFault('BREVET_ISSUERS', issuersFault(inline));
      // A function's whole environment holds 4 KB, and the other variables need their part.
      if (Buffer.byteLength(inline) > 3000) {
        this.faults.push('BREVET_ISSUERS is longer than 3,000 bytes: put it into a file and set BREVET_ISSUERS_FILE');
      }
      return TrustedIssuers.inline(inline);
    }
    if (file !== undefined) {
      this.addFault('BREVET_ISSUERS_FILE', this.fileFault(file));
      return TrustedIssuers.file(file);
    }
    return TrustedIssuers.inline('[]');
  }

  throwFaults(): void {
    if (this.faults.length > 0) {
      throw new SettingsError(this.faults);
    }
  }

  private fileFault(path: string): string | undefined {
    try {
      return issuersFault(readFileSync(path, 'utf8'));
    } catch {
      return `\`${path}\` cannot be read`;
    }
  }

  private addFault(name: string, fault: string | undefined): void {
    if (fault !== undefined) {
      this.faults.push(`${name}: ${fault}`);
    }
  }
}
