/**
 * The built server as a child process, the way `npm start` runs it, on a free port.
 *
 * Above it: the browser tests. Knows nothing of what is tested on it.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from './free-port.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const SERVE = new URL('../../src/cli/serve.js', import.meta.url).href;
/** What `npm start` does when everything is installed and built. */
const START = `const { serve } = await import(${JSON.stringify(SERVE)}); await serve(${JSON.stringify(ROOT)}, process.env);`;

/** The server is up in a fraction of a second; a loaded machine gets many times that. */
const START_PATIENCE_MS = 20_000;
/** SIGTERM ends the server within this, open connections or not (the contract's number). */
const STOP_LIMIT_MS = 5_000;

export interface ServerOptions {
  readonly host?: string;
  /** The same port again, e.g. after a restart under one browser. */
  readonly port?: number;
  readonly env?: Readonly<Record<string, string>>;
}

export class Server {
  readonly origin: string;
  readonly port: number;
  readonly #process: ChildProcess;
  #output = '';

  private constructor(host: string, port: number, env: Readonly<Record<string, string>>) {
    this.port = port;
    // Web Serial and service workers need a secure origin: of plain HTTP only localhost is one.
    this.origin = `http://${host === '127.0.0.1' ? 'localhost' : host}:${port}`;
    const settings = { HOST: host, PORT: String(port), PUBLIC_URL: this.origin, ...env };
    this.#process = spawn(process.execPath, ['--input-type=module', '-e', START], {
      cwd: ROOT,
      env: { ...withoutSettings(process.env), ...settings },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [this.#process.stdout, this.#process.stderr]) {
      stream?.on('data', (chunk: Buffer) => (this.#output += chunk.toString()));
    }
  }

  static async start({ host = '127.0.0.1', port, env = {} }: ServerOptions = {}): Promise<Server> {
    const server = new Server(host, port ?? (await freePort(host)), env);
    const deadline = Date.now() + START_PATIENCE_MS;
    while (!(await server.#healthy())) {
      if (!server.#running) throw new Error(`the server ended at its start:\n${server.#output}`);
      if (Date.now() > deadline) throw new Error(`the server did not become healthy:\n${server.#output}`);
      await sleep(50);
    }
    return server;
  }

  /** Of the process, for whoever measures it. */
  get pid(): number {
    return this.#process.pid!;
  }

  /** Everything that it has printed. */
  get output(): string {
    return this.#output;
  }

  /** Ends it as an administrator would. @throws when it takes longer than the contract allows */
  async stop(): Promise<void> {
    if (!this.#running) return;
    const ended = once(this.#process, 'exit');
    this.#process.kill('SIGTERM');
    const late = sleep(STOP_LIMIT_MS, 'late', { ref: false });
    if ((await Promise.race([ended, late])) !== 'late') return;
    await this.kill();
    throw new Error(`the server needed more than ${STOP_LIMIT_MS} ms to end after SIGTERM`);
  }

  /** Ends it as a power cut would. */
  async kill(): Promise<void> {
    if (!this.#running) return;
    const ended = once(this.#process, 'exit');
    this.#process.kill('SIGKILL');
    await ended;
  }

  get #running(): boolean {
    return this.#process.exitCode === null && this.#process.signalCode === null;
  }

  async #healthy(): Promise<boolean> {
    try {
      return (await fetch(`${this.origin}/healthz`)).status === 200;
    } catch {
      return false;
    }
  }
}

/** The surroundings without any setting of the server's own, so that only the test decides. */
function withoutSettings(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { TOFUPILOT_URL: _url, FLEET_DIR: _fleet, RELAY_KEYS_FILE: _keys, LOG_LEVEL: _level, ...rest } = env;
  return rest;
}
