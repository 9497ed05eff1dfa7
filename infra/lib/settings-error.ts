/** What is wrong with what an app was given, one sentence for each fault: for the person who deploys, who needs no stack trace. */
export class SettingsError extends Error {
  constructor(readonly faults: readonly string[]) {
    super(faults.join('\n'));
    this.name = 'SettingsError';
  }
}

/** Composes an app, or says what is wrong with its settings and fails. */
export function composeOrExplain(compose: () => void): void {
  try {
    compose();
  } catch (error) {
    if (!(error instanceof SettingsError)) {
      throw error;
    }
    console.error(['Nothing was synthesized:', ...error.faults.map((fault) => `  - ${fault}`)].join('\n'));
    process.exitCode = 1;
  }
}
