/**
 * A SCPI fixture that can be plugged, pulled, muted and asked what it heard; `scpi-fixture.py` is its other half.
 *
 * Above it: the browser tests. Knows nothing of the browser or the app.
 */
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** Python starts in well under a second; a loaded machine gets ten times that. */
const PATIENCE_MS = 10_000;

export type FixtureEvent =
  | { readonly event: 'plugged'; readonly node: string }
  | { readonly event: 'unplugged' }
  | { readonly event: 'heard' | 'done'; readonly line: string };

export interface FixtureIds {
  readonly vid?: string;
  readonly pid?: string;
  readonly serial?: string;
}

export class VirtualFixture {
  readonly #process: ChildProcessWithoutNullStreams;
  readonly #events: FixtureEvent[] = [];
  readonly #waiting = new Set<() => void>();

  private constructor(folder: string, name: string, ids: FixtureIds) {
    const script = fileURLToPath(new URL('./scpi-fixture.py', import.meta.url));
    const options = Object.entries(ids).flatMap(([key, value]) => [`--${key}`, value]);
    this.#process = spawn('python3', [script, folder, name, ...options]);
    this.#process.stderr.pipe(process.stderr);
    let rest = '';
    this.#process.stdout.on('data', (chunk: Buffer) => {
      const lines = (rest + chunk.toString()).split('\n');
      rest = lines.pop() ?? '';
      this.#events.push(...lines.map((line) => JSON.parse(line) as FixtureEvent));
      this.#waiting.forEach((wake) => wake());
    });
  }

  /** Starts a fixture and plugs it in. @param folder of VIRTUAL_TTY_DIR */
  static async start(folder: string, name: string, ids: FixtureIds = {}): Promise<VirtualFixture> {
    const fixture = new VirtualFixture(folder, name, ids);
    await fixture.next((event) => event.event === 'plugged', 0);
    return fixture;
  }

  plug = () => this.#order('plug');
  unplug = () => this.#order('unplug');
  mute = () => this.#order('mute');
  noise = () => this.#order('noise');
  talk = () => this.#order('talk');
  set = (query: string, answer: string) => this.#order(`set ${query} = ${answer}`);

  /** How many events there were so far; a mark to look back to. */
  get mark(): number {
    return this.#events.length;
  }

  /** Every command that came in since the mark. */
  heard(sinceMark = 0): string[] {
    return this.#events.slice(sinceMark).flatMap((event) => (event.event === 'heard' ? [event.line] : []));
  }

  /** The first event since the mark for which `is` holds, waiting for it if need be. */
  async next(is: (event: FixtureEvent) => boolean, sinceMark = this.mark): Promise<FixtureEvent> {
    const deadline = Date.now() + PATIENCE_MS;
    for (;;) {
      const found = this.#events.slice(sinceMark).find(is);
      if (found) return found;
      const leftMs = deadline - Date.now();
      if (leftMs <= 0) throw new Error(`the fixture never said it; it said ${JSON.stringify(this.#events.slice(-5))}`);
      await this.#change(leftMs);
    }
  }

  /** Waits until this command has come in since the mark. */
  async hears(command: string, sinceMark = this.mark): Promise<void> {
    await this.next((event) => event.event === 'heard' && event.line === command, sinceMark);
  }

  async quit(): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const ended = once(this.#process, 'exit');
    this.#process.stdin.end('quit\n');
    await ended;
  }

  async #order(line: string): Promise<void> {
    const mark = this.mark;
    this.#process.stdin.write(`${line}\n`);
    await this.next((event) => event.event === 'done' && event.line === line, mark);
  }

  #change(timeoutMs: number): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        clearTimeout(timer);
        this.#waiting.delete(wake);
        resolve();
      };
      const timer = setTimeout(wake, timeoutMs);
      this.#waiting.add(wake);
    });
  }
}
