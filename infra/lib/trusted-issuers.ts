import { createHash } from 'node:crypto';
import { copyFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Construct } from 'constructs';
import { fact } from './facts.ts';

/** The name of the issuers' file beside `bootstrap`. */
const BUNDLED_FILE = 'issuers.json';

/** Which GitLabs the functions trust: the `TRUSTED_ISSUERS` JSON, in the environment or as a file of the deployment package. */
export abstract class TrustedIssuers {
  /** The JSON itself, or a token that becomes it at deployment. A function's whole environment holds 4 KB. */
  static inline(json: string): TrustedIssuers {
    return new InlineIssuers(json);
  }

  /** A JSON file: for static key sets and private certificate authorities, which outgrow the environment. */
  static file(path: string): TrustedIssuers {
    return new BundledIssuers(path);
  }

  /** The issuers of the Brevet of this account and region, unless they were too long to publish. */
  static fromFacts(scope: Construct, environment: string): TrustedIssuers {
    return TrustedIssuers.inline(fact(scope, environment, 'issuers'));
  }

  /** The JSON, where it travels in the environment. */
  abstract readonly inlineJson?: string;

  /** What the function's environment says about its issuers. */
  abstract environment(): Record<string, string>;

  /** Adds to a deployment package what the environment points to. */
  abstract copyInto(directory: string): void;

  /** Differs where what `copyInto` adds differs. */
  abstract fingerprint(): string;
}

class InlineIssuers extends TrustedIssuers {
  constructor(override readonly inlineJson: string) {
    super();
  }

  override environment(): Record<string, string> {
    return { TRUSTED_ISSUERS: this.inlineJson };
  }

  override copyInto(): void {
    // The environment holds them.
  }

  override fingerprint(): string {
    return 'inline';
  }
}

class BundledIssuers extends TrustedIssuers {
  override readonly inlineJson = undefined;

  constructor(private readonly path: string) {
    super();
  }

  override environment(): Record<string, string> {
    return { TRUSTED_ISSUERS_FILE: BUNDLED_FILE };
  }

  override copyInto(directory: string): void {
    copyFileSync(this.path, join(directory, BUNDLED_FILE));
  }

  override fingerprint(): string {
    return createHash('sha256').update(readFileSync(this.path)).digest('hex');
  }
}
