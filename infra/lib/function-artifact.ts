import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { AssetHashType, DockerImage } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { SettingsError } from './settings-error.ts';
import type { TrustedIssuers } from './trusted-issuers.ts';

export type FunctionName = 'authorizer' | 'credentials' | 'mapping-auditor';
export type ArchitectureName = 'x86_64' | 'arm64';

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

/** Finds a built function, or says in one sentence what to do. Built for another architecture than `wanted` counts as not built. */
export function functionArtifact(
  name: FunctionName,
  buildDirectory: string = BUILD_DIRECTORY,
  wanted?: ArchitectureName,
): FunctionArtifact {
  const directory = join(buildDirectory, name);
  const bootstrap = join(directory, 'bootstrap');
  if (!existsSync(bootstrap)) {
    throw new SettingsError([`${bootstrap} is missing: run \`make build\` first`]);
  }
  const architecture = architectureOf(bootstrap);
  if (wanted !== undefined && architecture.name !== wanted) {
    throw new SettingsError([
      `${bootstrap} was built for ${architecture.name}: run \`make build ARCH=${wanted}\` first`,
    ]);
  }
  return { name, directory, architecture };
}

/** The deployment package: `bootstrap`, and the issuers where they travel as a file. Nothing else that may lie in the folder. */
export function deploymentPackage(artifact: FunctionArtifact, issuers?: TrustedIssuers): lambda.Code {
  return lambda.Code.fromAsset(artifact.directory, {
    // By default the source folder alone would name the package, and a package with other issuers would pass for the same.
    assetHashType: AssetHashType.CUSTOM,
    assetHash: packageHash(artifact, issuers),
    bundling: {
      // Never pulled: the local step below always answers.
      image: DockerImage.fromRegistry('unused'),
      local: {
        tryBundle(outputDirectory: string): boolean {
          copyFileSync(join(artifact.directory, 'bootstrap'), join(outputDirectory, 'bootstrap'));
          issuers?.copyInto(outputDirectory);
          return true;
        },
      },
    },
  });
}

function packageHash(artifact: FunctionArtifact, issuers?: TrustedIssuers): string {
  const binary = readFileSync(join(artifact.directory, 'bootstrap'));
  return createHash('sha256')
    .update(issuers?.fingerprint() ?? '')
    .update(binary)
    .digest('hex');
}

/** Reads `e_machine` of the ELF header: Lambda reports a binary of the other architecture only when it is invoked. */
function architectureOf(bootstrap: string): lambda.Architecture {
  const header = readFileSync(bootstrap).subarray(0, 20);
  const isElf = header.subarray(0, 4).equals(Buffer.from('\x7fELF', 'latin1'));
  switch (isElf && header.length === 20 ? header.readUInt16LE(18) : 0) {
    case 0x3e:
      return lambda.Architecture.X86_64;
    case 0xb7:
      return lambda.Architecture.ARM_64;
    default:
      throw new SettingsError([`${bootstrap} is not a Linux binary for x86_64 or arm64: run \`make build\` again`]);
  }
}
