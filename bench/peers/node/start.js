// What AWS's managed runtime does with a handler: `node start.js dist/authorizer.handler`.
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from 'aws-lambda-ric';

await run(dirname(fileURLToPath(import.meta.url)), process.argv[2]);
