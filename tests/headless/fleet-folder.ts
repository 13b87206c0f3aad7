/**
 * The folder of a simulated fleet, with releases that the command line has packed, signed and published.
 *
 * Knows nothing of stations.
 */
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { commandLine } from '../../src/cli/command-line.ts';
import { powerBoard, POWER_BOARD_BENCH, writeFleetFolder } from '../support/fleet-folder.ts';

export const PROCEDURE = 'power-board';
/** How long a unit is under test: a reading that settles. */
const LINGER_MS = 50;

/** What a version does to the units of this fleet. */
export type Kind = 'good' | 'fails' | 'errs';

export class FleetFolder {
  readonly path: string;
  readonly #work: string;
  readonly #key: string;

  /** @param work an empty folder */
  constructor(work: string) {
    this.#work = work;
    this.path = join(work, 'fleet');
    this.#key = join(work, 'key');
  }

  async make(settings: Readonly<Record<string, unknown>>): Promise<void> {
    writeFleetFolder(this.path, { settings: { simulated: true, ...settings }, procedures: {} });
    await this.say('keygen', this.#key);
    await this.say('keys', this.path, '--add', `${this.#key}.pub`, '--name', 'Simulated', '--key', this.#key);
    await this.release('1.0.0', 'good');
  }

  /** Packs, signs and publishes a version. @param more for `publish` */
  async release(version: string, kind: Kind, ...more: string[]): Promise<void> {
    const source = join(this.#work, version);
    const procedure = { ...powerBoard({ lingerMs: LINGER_MS, simulated: true }), version };
    const bench = structuredClone(POWER_BOARD_BENCH) as { fixture: Record<string, string | null>; units: unknown };
    // As a wrong limit, or a wrong command, would do it.
    if (kind === 'fails') bench.fixture['MEAS:TEMP?'] = '55.0';
    if (kind === 'errs') delete bench.fixture['MEAS:TEMP?'];
    const files = { 'procedure.yaml': procedure, 'bench.yaml': bench };
    rmSync(source, { recursive: true, force: true });
    writeFleetFolder(source, { procedures: { [PROCEDURE]: files } });
    const bundle = join(this.#work, `${version}.release.zip`);
    await this.say('pack', join(source, 'procedures', PROCEDURE), '--out', bundle);
    await this.say('sign', bundle, '--key', this.#key);
    await this.signed('publish', bundle, '--to', this.path, ...more);
  }

  /** A file beside the folder. @returns its path */
  write(name: string, content: unknown): string {
    const path = join(this.#work, name);
    writeFileSync(path, stringify(content));
    return path;
  }

  signed(...args: string[]): Promise<string> {
    return this.say(...args, '--key', this.#key);
  }

  /** @throws when the command line does not do it, with what it said */
  async say(...args: string[]): Promise<string> {
    const said: string[] = [];
    const line = (text: string) => void said.push(text);
    const exit = await commandLine(args, { out: line, err: line, stop: new AbortController().signal });
    if (exit !== 0) throw new Error(`fieldbench ${args.join(' ')} ended with ${exit}:\n${said.join('\n')}`);
    return said.join('\n');
  }
}
