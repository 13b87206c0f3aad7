/**
 * One barcode scanner of the station: finds its port, opens it, reads codes, and finds it again after a re-plug.
 *
 * Above: the bench worker's scanners.ts. Below: ports-apart.ts (which ports there are) and protocol/scanner (bytes to codes).
 * Never writes to the port. Rules: RULES.md. Knows nothing of what a code is for.
 */
import type { Clock } from '#base/clock.ts';
import { Fault, messageOf } from '#base/fault.ts';
import { Turns } from '#base/turns.ts';
import type { PortsApart, SerialPlace } from '#hardware/bench/ports-apart.ts';
import { ScanReader } from '#hardware/protocol/scanner/scan-reader.ts';
import type { SerialSettings } from '#hardware/transport/serial-settings.ts';
import type { Transport, TransportEvent } from '#hardware/transport/transport.ts';
import { after } from '#hardware/waiting.ts';

/** As a search that goes on: opening a port disturbs whoever holds it. */
const LOOK_AGAIN_MS = 2000;
/** What comes this soon after opening began before it: the end of a code, or what an adapter spits out when it gets power. */
const SETTLE_MS = 100;

export type ScannerState = 'ready' | 'missing' | 'busy' | 'permission';

export interface ScannerWords {
  readonly state: ScannerState;
  /** Empty when it is ready. */
  readonly message: string;
  readonly remedy: string;
}

export interface ScannerOptions {
  /** As its port is found: `0c2e:0901`; empty for a port that is not on USB. */
  readonly usb: string;
  readonly baudRate: number;
  readonly ports: PortsApart;
  /** Names of the plugs that may have a port with this USB id and are not ready: they come first. */
  readonly inFront: () => readonly string[];
  readonly clock: Clock;
  readonly onCode: (code: string) => void;
  readonly onChange: () => void;
}

/** A port that is held apart and open. */
interface Line {
  readonly transport: Transport;
  readonly giveBack: () => void;
  /** A code came over it: it is a scanner's and nothing else's. */
  hasRead: boolean;
}

export class Scanner {
  readonly #options: ScannerOptions;
  readonly #turns = new Turns();
  readonly #end = new AbortController();
  readonly #stopListening: () => void;
  #words: ScannerWords = LOOKING;
  #line: Line | null = null;
  #wasReady = false;
  #stopTimer: (() => void) | null = null;

  /** Looks for its port at once. */
  constructor(options: ScannerOptions) {
    this.#options = options;
    this.#stopListening = options.ports.onChange(() => this.look());
    this.look();
  }

  get words(): ScannerWords {
    return this.#words;
  }

  /** Something may have changed. */
  look(): void {
    void this.#turns.take(() => this.#look());
  }

  /** Resolves when its port is free. */
  close(): Promise<void> {
    this.#end.abort();
    this.#stopListening();
    this.#stopTimer?.();
    return this.#turns.take(() => this.#letGo());
  }

  async #look(): Promise<void> {
    this.#stopTimer?.();
    this.#stopTimer = null;
    if (this.#end.signal.aborted) return;
    const plugs = this.#options.inFront();
    // What never read a code may be the fixture's.
    if (this.#line && plugs.length > 0 && !this.#line.hasRead) await this.#letGo();
    if (this.#line) return;
    const words = plugs.length > 0 ? waitingFor(plugs) : await this.#connect();
    if (this.#end.signal.aborted) return;
    this.#describe(words);
    if (words.state !== 'ready') this.#stopTimer = after(this.#options.clock, LOOK_AGAIN_MS, () => this.look());
  }

  async #connect(): Promise<ScannerWords> {
    const { ports, usb } = this.#options;
    if (!ports.hasAccess) return NO_ACCESS;
    let words = this.#wasReady ? GONE : MISSING;
    try {
      for (const place of await ports.list()) {
        if (place.usb !== usb || !place.isFree) continue;
        words = await this.#open(place);
        if (words.state === 'ready') break;
      }
    } catch (thrown) {
      words = wordsOf(thrown);
    }
    return words;
  }

  async #open(place: SerialPlace): Promise<ScannerWords> {
    const { clock, baudRate } = this.#options;
    const giveBack = place.hold();
    const transport = place.transport({ ...FORMAT, baudRate }, clock);
    const line: Line = { transport, giveBack, hasRead: false };
    const reader = new ScanReader();
    let isSettled = false;
    transport.onEvent((event) => {
      if (event.kind === 'lost') this.#lose(line);
      else if (event.kind === 'line-error' || !isSettled) reader.tear(event.atMs);
      else this.#read(reader, line, event);
    });
    this.#line = line;
    try {
      await transport.open(this.#end.signal);
      await clock.sleep(SETTLE_MS, this.#end.signal);
    } catch (thrown) {
      await this.#letGo();
      return wordsOf(thrown);
    }
    if (this.#line !== line) return GONE;
    isSettled = true;
    this.#wasReady = true;
    return READY;
  }

  #read(reader: ScanReader, line: Line, { bytes, atMs }: Extract<TransportEvent, { kind: 'data' }>): void {
    for (const code of reader.push(bytes, atMs)) {
      line.hasRead = true;
      this.#options.onCode(code);
    }
  }

  #lose(line: Line): void {
    if (this.#line !== line) return;
    this.#line = null;
    this.#describe(GONE);
    void this.#turns.take(() => free(line));
    this.look();
  }

  async #letGo(): Promise<void> {
    const line = this.#line;
    this.#line = null;
    if (line) await free(line);
  }

  #describe(words: ScannerWords): void {
    if (words.state === this.#words.state && words.message === this.#words.message) return;
    this.#words = words;
    this.#options.onChange();
  }
}

/** As nearly all scanners leave the works. */
const FORMAT: Omit<SerialSettings, 'baudRate'> = { dataBits: 8, stopBits: 1, parity: 'none', flowControl: 'none' };

async function free({ transport, giveBack }: Line): Promise<void> {
  await transport.close();
  giveBack();
}

const READY: ScannerWords = { state: 'ready', message: '', remedy: '' };
const LOOKING: ScannerWords = { state: 'missing', message: 'It is being looked for.', remedy: 'Wait a moment.' };
const MISSING: ScannerWords = {
  state: 'missing',
  message: 'It is not connected.',
  remedy: 'Plug it in; if it is plugged in, add it once more, so that the browser permits it.',
};
const GONE: ScannerWords = {
  state: 'missing',
  message: 'It is gone.',
  remedy: 'Check its cable, or its cradle, and plug it in again.',
};
const NO_ACCESS: ScannerWords = {
  state: 'permission',
  message: 'This browser has no access to serial ports.',
  remedy: 'Use Chrome or Edge on a computer, installed as a normal package.',
};

function waitingFor(plugs: readonly string[]): ScannerWords {
  const names = plugs.join(', ');
  return {
    state: 'missing',
    message: `Its port may be that of ${names}: both have this USB id.`,
    remedy: `It is opened when ${names} ${plugs.length === 1 ? 'is' : 'are'} ready.`,
  };
}

/** The transport knows what to do on this system. */
function wordsOf(thrown: unknown): ScannerWords {
  if (!(thrown instanceof Fault))
    return { state: 'missing', message: messageOf(thrown), remedy: 'Plug the scanner in again.' };
  const { code, message, remedy } = thrown;
  if (code === 'lost' || code === 'aborted') return GONE;
  return { state: code === 'busy' ? 'busy' : code === 'permission-needed' ? 'permission' : 'missing', message, remedy };
}
