import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FunctionName } from '../../lib/function-artifact.ts';

/** `e_machine` of an ELF header. */
export const MACHINE = { x86_64: 0x3e, arm64: 0xb7, riscv: 0xf3 };

/** A build directory with all functions, each nothing but the start of a Linux binary: enough to synthesize, not to run. */
export function standInBinaries(machine: number = MACHINE.x86_64): string {
  const directory = emptyDirectory();
  for (const name of ['authorizer', 'credentials', 'mapping-auditor'] as const) {
    writeBootstrap(directory, name, elfHeader(machine));
  }
  return directory;
}

export function writeBootstrap(directory: string, name: FunctionName, content: Buffer): void {
  mkdirSync(join(directory, name), { recursive: true });
  writeFileSync(join(directory, name, 'bootstrap'), content, { mode: 0o755 });
}

export function emptyDirectory(): string {
  return mkdtempSync(join(tmpdir(), 'brevet-test-'));
}

function elfHeader(machine: number): Buffer {
  const header = Buffer.alloc(64);
  header.write('\x7fELF', 'latin1');
  header.writeUInt16LE(machine, 18);
  return header;
}
