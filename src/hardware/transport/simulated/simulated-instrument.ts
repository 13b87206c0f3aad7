/**
 * The far end of a simulated wire: reads command lines, and answers them one after the other, as an instrument does.
 *
 * What is answered comes from outside (simulated-bench.ts). A command waits until the one before it was answered.
 * Knows nothing of sessions.
 */
import type { Clock } from '#base/clock.ts';
import type { Peer, PeerEnd } from '#hardware/transport/simulated/simulated-transport.ts';
import { lostFault } from '#hardware/transport/transport-faults.ts';

/** Nothing in it: the command is accepted without an answer. */
export interface Reply {
  readonly delayMs?: number;
  readonly text?: string;
  /** These bytes and no terminator. */
  readonly raw?: Uint8Array;
  readonly cut?: boolean;
}

/** How a wire that does not carry lines is heard and spoken. */
export interface Speech {
  /** The wire was opened. */
  begin(): void;
  hear(bytes: Uint8Array): string[];
  /** Bytes that answer the oldest command without an answer; null: none. */
  say(reply: Pick<Reply, 'text' | 'raw'>): Uint8Array | null;
}

export interface SimulatedInstrumentOptions {
  readonly label: string;
  readonly terminator: string;
  readonly clock: Clock;
  /** Absent: lines of text. */
  readonly speech?: Speech;
  isCut(): boolean;
  reply(command: string): Reply;
}

export class SimulatedInstrument implements Peer {
  readonly #options: SimulatedInstrumentOptions;
  #end: PeerEnd | null = null;
  #detached: AbortSignal | null = null;
  #line = '';
  #commands: string[] = [];
  #busy = false;

  constructor(options: SimulatedInstrumentOptions) {
    this.#options = options;
  }

  attach(end: PeerEnd, signal: AbortSignal): void {
    if (this.#options.isCut()) throw lostFault(this.#options.label, 'the simulated wire was cut');
    this.#end = end;
    this.#detached = signal;
    this.#line = '';
    this.#commands = [];
    this.#busy = false;
    this.#options.speech?.begin();
  }

  receive(bytes: Uint8Array): void {
    const { speech } = this.#options;
    this.#commands.push(...(speech ? speech.hear(bytes) : this.#lines(bytes)));
    this.#work();
  }

  #lines(bytes: Uint8Array): string[] {
    this.#line += String.fromCharCode(...bytes);
    const lines = this.#line.split(this.#options.terminator);
    this.#line = lines.pop() ?? '';
    return lines.map((line) => line.trim()).filter((line) => line !== '');
  }

  #work(): void {
    while (!this.#busy && !this.#detached?.aborted) {
      const command = this.#commands.shift();
      if (command === undefined) return;
      const reply = this.#options.reply(command);
      if (reply.delayMs === undefined) this.#say(reply);
      else this.#sayLater(reply, reply.delayMs);
    }
  }

  #sayLater(reply: Reply, delayMs: number): void {
    const { clock } = this.#options;
    const detached = this.#detached ?? undefined;
    this.#busy = true;
    clock.sleep(delayMs, detached).then(
      () => {
        // Attached anew in the meantime: this answer belongs to a wire that is gone.
        if (detached !== (this.#detached ?? undefined)) return;
        this.#busy = false;
        this.#say(reply);
        this.#work();
      },
      () => undefined,
    );
  }

  #say({ text, raw, cut }: Reply): void {
    const { speech, terminator } = this.#options;
    const said = { ...(text === undefined ? {} : { text }), ...(raw ? { raw } : {}) };
    const bytes = speech ? speech.say(said) : (raw ?? (text === undefined ? null : latin1(text + terminator)));
    if (bytes) this.#end?.send(bytes);
    if (cut) this.#end?.cut('the simulated wire was cut');
  }
}

function latin1(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}
