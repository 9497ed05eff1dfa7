import { readdirSync } from 'node:fs';

// One process for all tests: loading the CDK takes seconds, and Node's test runner would start a process per file.
for (const file of readdirSync(import.meta.dirname)) {
  if (file.endsWith('.test.ts')) {
    await import(`./${file}`);
  }
}
