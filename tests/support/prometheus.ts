/**
 * A real Prometheus, and its promtool, where the machine has them (Debian: `apt-get install prometheus`).
 *
 * Above it: tests/deploy/. Knows nothing of what is scraped or alerted.
 */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { stringify } from 'yaml';
import { freePort } from './free-port.ts';

/** It replays its empty log and is there in a second; a loaded machine gets many times that. */
const START_PATIENCE_MS = 30_000;

/** Why no Prometheus can be had here; empty when it can. */
export function noPrometheus(): string {
  for (const tool of ['prometheus', 'promtool'])
    if (spawnSync(tool, ['--version'], { stdio: 'ignore' }).status !== 0)
      return `no ${tool} (Debian: apt-get install prometheus)`;
  return '';
}

/** @returns everything that it said */
export function promtool(...args: readonly string[]): { readonly isGood: boolean; readonly said: string } {
  const { status, stdout, stderr } = spawnSync('promtool', args, { encoding: 'utf8' });
  return { isGood: status === 0, said: stdout + stderr };
}

export interface Alert {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly state: 'pending' | 'firing';
}

export class Prometheus {
  readonly #process: ChildProcess;
  readonly #folder: string;
  readonly #address: string;
  #said = '';

  private constructor(process: ChildProcess, folder: string, address: string) {
    this.#process = process;
    this.#folder = folder;
    this.#address = address;
    process.stderr?.on('data', (chunk: Buffer) => (this.#said += chunk.toString()));
  }

  /** @param config as of prometheus.yml */
  static async start(config: unknown): Promise<Prometheus> {
    const folder = await mkdtemp(join(tmpdir(), 'fieldbench-prometheus-'));
    const file = join(folder, 'prometheus.yml');
    await writeFile(file, stringify(config));
    const listen = `127.0.0.1:${await freePort()}`;
    const started = spawn(
      'prometheus',
      [
        `--config.file=${file}`,
        `--storage.tsdb.path=${join(folder, 'data')}`,
        `--web.listen-address=${listen}`,
        '--log.level=warn',
      ],
      { stdio: ['ignore', 'ignore', 'pipe'] },
    );
    const prometheus = new Prometheus(started, folder, `http://${listen}`);
    const deadline = Date.now() + START_PATIENCE_MS;
    while (!(await prometheus.#isReady())) {
      if (started.exitCode !== null || Date.now() > deadline)
        throw new Error(`Prometheus did not start:\n${prometheus.#said}`);
      await sleep(100);
    }
    return prometheus;
  }

  async alerts(): Promise<readonly Alert[]> {
    const answer = (await (await fetch(`${this.#address}/api/v1/alerts`)).json()) as { data: { alerts: Alert[] } };
    return answer.data.alerts;
  }

  /** The present value of each series that an expression has. */
  async ask(expression: string): Promise<readonly { metric: Record<string, string>; value: [number, string] }[]> {
    const response = await fetch(`${this.#address}/api/v1/query?query=${encodeURIComponent(expression)}`);
    const answer = (await response.json()) as {
      data: { result: { metric: Record<string, string>; value: [number, string] }[] };
    };
    return answer.data.result;
  }

  async stop(): Promise<void> {
    if (this.#process.exitCode === null && this.#process.signalCode === null) {
      const ended = once(this.#process, 'exit');
      this.#process.kill('SIGKILL');
      await ended;
    }
    await rm(this.#folder, { recursive: true, force: true });
  }

  async #isReady(): Promise<boolean> {
    return fetch(`${this.#address}/-/ready`).then(
      ({ ok }) => ok,
      () => false,
    );
  }
}
