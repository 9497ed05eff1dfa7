import { closeSync, copyFileSync, existsSync, openSync, readSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { DockerImage } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import type { TrustedIssuers } from './trusted-issuers.ts';

export type FunctionName = 'authorizer' | 'credentials';

/** A compiled function on disk. Synth reads it and never makes it: compiling is `make build`. */
export interface FunctionArtifact {
  readonly name: FunctionName;
  /** The folder that holds `bootstrap`. */
  readonly directory: string;
  /** What the binary was built for, as its own header says. */
  readonly architecture: lambda.Architecture;
}

/** Where `make build` puts the functions. */
export const BUILD_DIRECTORY = resolve(import.meta.dirname, '../../target/lambda');

/** Finds a built function, or says in one sentence what to do. */
export function functionArtifact(name: FunctionName, buildDirectory: string = BUILD_DIRECTORY): FunctionArtifact {
  const directory = join(buildDirectory, name);
  const bootstrap = join(directory, 'bootstrap');
  if (!existsSync(bootstrap)) {
    throw new Error(`${bootstrap} is missing: run \`make build\` first`);
  }
  return { name, directory, architecture: architectureOf(bootstrap) };
}

/** The deployment package: `bootstrap`, and the issuers where they travel as a file. Nothing else that may lie in the folder. */
export function deploymentPackage(artifact: FunctionArtifact, issuers: TrustedIssuers): lambda.Code {
  return lambda.Code.fromAsset(artifact.directory, {
    bundling: {
      // Never pulled: the local step below always answers.
      image: DockerImage.fromRegistry('unused'),
      local: {
        tryBundle(outputDirectory: string): boolean {
          copyFileSync(join(artifact.directory, 'bootstrap'), join(outputDirectory, 'bootstrap'));
          issuers.copyInto(outputDirectory);
          return true;
        },
      },
    },
  });
}

/** Reads `e_machine` of the ELF header: Lambda reports a binary of the other architecture only when it is invoked. */
function architectureOf(bootstrap: string): lambda.Architecture {
  const header = Buffer.alloc(20);
  const file = openSync(bootstrap, 'r');
  try {
    readSync(file, header, 0, header.length, 0);
  } finally {
    closeSync(file);
  }
  const isElf = header.subarray(0, 4).equals(Buffer.from('\x7fELF', 'latin1'));
  switch (isElf ? header.readUInt16LE(18) : 0) {
    case 0x3e:
      return lambda.Architecture.X86_64;
    case 0xb7:
      return lambda.Architecture.ARM_64;
    default:
      throw new Error(`${bootstrap} is not a Linux binary for x86_64 or arm64: run \`make build\` again`);
  }
}
