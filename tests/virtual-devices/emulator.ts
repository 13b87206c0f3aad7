/**
 * A Python emulator as a child process: orders in, events out, one line each.
 *
 * Above it: virtual-fixture.ts (serial) and virtual-usb-device.ts (USB). Knows nothing of what is emulated.
 */
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** Python starts in well under a second; a loaded machine gets ten times that. */
const PATIENCE_MS = 10_000;

export interface EmulatorEvent {
  /** `plugged`, `unplugged`, `heard` (a command came in), `done` (an order is in force) … */
  readonly event: string;
  readonly line?: string;
  /** A line of SCPI that a USB device heard. */
  readonly q?: string;
  /** A class request that a USB device got. */
  readonly request?: string | number;
  /** Bytes, in hexadecimal. */
  readonly data?: string;
  /** Bytes of a flood that were given to the reader, and that found no room. */
  readonly sent?: number;
  readonly dropped?: number;
}

export class Emulator {
  readonly #process: ChildProcessWithoutNullStreams;
  readonly #events: EmulatorEvent[] = [];
  readonly #waiting = new Set<() => void>();

  /** @param script beside this file; what it imports is not compiled into the tree */
  constructor(script: string, args: readonly string[]) {
    this.#process = spawn('python3', ['-B', fileURLToPath(new URL(script, import.meta.url)), ...args]);
    this.#process.stderr.pipe(process.stderr);
    let rest = '';
    this.#process.stdout.on('data', (chunk: Buffer) => {
      const lines = (rest + chunk.toString()).split('\n');
      rest = lines.pop() ?? '';
      this.#events.push(...lines.map((line) => JSON.parse(line) as EmulatorEvent));
      this.#waiting.forEach((wake) => wake());
    });
  }

  /** Resolves when the device is there for the first time. */
  async ready(): Promise<this> {
    await this.next(({ event }) => event === 'plugged', 0);
    return this;
  }

  plug = () => this.order('plug');
  unplug = () => this.order('unplug');
  mute = () => this.order('mute');
  noise = () => this.order('noise');
  talk = () => this.order('talk');

  /** How many events there were so far; a mark to look back to. */
  get mark(): number {
    return this.#events.length;
  }

  since(mark: number): readonly EmulatorEvent[] {
    return this.#events.slice(mark);
  }

  /** The first event since the mark for which `is` holds, waiting for it if need be. */
  async next(is: (event: EmulatorEvent) => boolean, sinceMark = this.mark): Promise<EmulatorEvent> {
    const deadline = Date.now() + PATIENCE_MS;
    for (;;) {
      const found = this.since(sinceMark).find(is);
      if (found) return found;
      const leftMs = deadline - Date.now();
      if (leftMs <= 0) throw new Error(`the emulator never said it; it said ${JSON.stringify(this.#events.slice(-5))}`);
      await this.#change(leftMs);
    }
  }

  /** Gives an order and waits until it is in force. */
  async order(line: string): Promise<void> {
    const mark = this.mark;
    this.#process.stdin.write(`${line}\n`);
    await this.next((event) => event.event === 'done' && event.line === line, mark);
  }

  async quit(): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const ended = once(this.#process, 'exit');
    this.#process.stdin.end('quit\n');
    await ended;
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
