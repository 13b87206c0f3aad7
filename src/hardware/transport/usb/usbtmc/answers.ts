/**
 * The reading half of USBTMC: one pump that always has a read waiting, and believes only the answer that was asked for.
 *
 * A device of full speed is read a packet first and then by the size in its header, because some of them end no transfer
 * with a short packet (44); a faster one is read in large pieces. A read that nobody waits for any more is kept, and
 * hears the next answer (43). Above it: usbtmc-transport.ts.
 */
import type { Clock } from '#base/clock.ts';
import type { LineError } from '#hardware/transport/transport.ts';
import { bytesOf, type UsbDeviceLike } from '#hardware/transport/usb/usb-device.ts';
import type { TwoWayFunction } from '#hardware/transport/usb/usb-function.ts';
import { HEADER_BYTES, readInHeader, type InHeader } from '#hardware/transport/usb/usbtmc/messages.ts';
import { blockBytes, type Quirks } from '#hardware/transport/usb/usbtmc/quirks.ts';
import { settledWithin } from '#hardware/waiting.ts';

/** Read at once of a long answer; a multiple of every packet size. Each piece is handed on as it comes. */
const CHUNK_BYTES = 256 * 1024;
/** Packets of full speed; whoever is known to end no transfer with a short packet has these. */
const FULL_SPEED_BYTES = 64;
/** A device that was told to abort ends its transfer at once; one that does not is asked for its state all the same. */
const DRAIN_LIMIT_MS = 500;
/** Transfers without a byte and without an end, one after the other: such a device would be asked for ever. */
const MAX_EMPTY = 10;

/** What the transport does for its reader. */
export interface AnswerWire {
  readonly ended: boolean;
  tell(bytes: Uint8Array, end: boolean): void;
  tellError(error: LineError): void;
  survives(thrown: unknown): Promise<boolean>;
  clearStall(): Promise<void>;
  /** Asks for the rest of an answer, or for all of it once more, unless nobody waits for it any more. */
  askOn(isWanted: () => boolean): Promise<void>;
}

interface Wanted {
  tag: number;
  /** A part of it was handed on, so that it cannot be asked for again. */
  started: boolean;
  retried: boolean;
  empty: number;
}

interface Chunk {
  readonly bytes: Uint8Array;
  /** Nothing more belongs to this transfer. */
  readonly isShort: boolean;
  readonly isStalled: boolean;
}

export interface AnswersOptions {
  readonly device: UsbDeviceLike;
  readonly fn: TwoWayFunction;
  readonly clock: Clock;
  readonly quirks: Quirks;
  readonly maxBytes: number;
  readonly termChar: number | undefined;
}

export class Answers {
  readonly #options: AnswersOptions;
  readonly #wire: AnswerWire;
  #wanted: Wanted | null = null;
  /** How often an answer was given up: what is read after that begins with a header, whatever was under way. */
  #givenUp = 0;
  /** While it is set whatever comes is thrown away, up to a short packet. */
  #onDrained: (() => void) | null = null;

  constructor(options: AnswersOptions, wire: AnswerWire) {
    this.#options = options;
    this.#wire = wire;
  }

  /** Tag of the answer that was asked for and has not ended; null when there is none. */
  get wanted(): number | null {
    return this.#wanted?.tag ?? null;
  }

  /** An answer was asked for under this tag, or the rest of the one that is under way. */
  expect(tag: number): void {
    if (this.#wanted) this.#wanted.tag = tag;
    else this.#wanted = { tag, started: false, retried: false, empty: 0 };
  }

  /** Nobody waits any more for what was asked for. */
  giveUp(): void {
    // Who has heard half of it hears that the rest will not come.
    if (this.#wanted?.started) this.#wire.tellError('unknown');
    this.#wanted = null;
    this.#givenUp++;
    this.#onDrained?.();
    this.#onDrained = null;
  }

  /** Throws away what comes from now on, until a transfer has ended, if one does. */
  async drain(): Promise<void> {
    const drained = new Promise<void>((resolve) => (this.#onDrained = resolve));
    await settledWithin(this.#options.clock, DRAIN_LIMIT_MS, drained);
    this.#onDrained = null;
  }

  async run(): Promise<void> {
    const { packetSize } = this.#options.fn.bulkIn;
    let kept: Chunk | null = null;
    while (!this.#wire.ended) {
      try {
        const chunk: Chunk | null = kept ?? (await this.#read(packetSize));
        kept = null;
        if (chunk === null) continue;
        if (chunk.isStalled) await this.#stalled();
        else if (chunk.bytes.length > 0) kept = await this.#transfer(chunk);
      } catch (thrown) {
        if (!(await this.#wire.survives(thrown))) return;
      }
    }
  }

  /** @returns null when it was thrown away */
  async #read(leastLength: number): Promise<Chunk | null> {
    const { device, fn } = this.#options;
    const length = this.#isFast ? CHUNK_BYTES : leastLength;
    const result = await device.transferIn(fn.bulkIn.endpointNumber, length);
    const bytes = bytesOf(result);
    const isStalled = result.status === 'stall';
    const isShort = bytes.length < length || isStalled;
    if (isStalled) await this.#wire.clearStall();
    if (this.#onDrained === null) return { bytes, isShort, isStalled };
    if (isShort) this.#onDrained();
    return null;
  }

  /** A first packet by itself costs as much as all of a waveform behind it. */
  get #isFast(): boolean {
    const { fn, quirks } = this.#options;
    return fn.bulkIn.packetSize > FULL_SPEED_BYTES && !quirks.sizeEndsTransfer && !quirks.oneHeader;
  }

  /** @returns what was read and does not belong to it any more, since it was given up meanwhile */
  async #transfer(first: Chunk): Promise<Chunk | null> {
    const header = readInHeader(first.bytes);
    if (header === null || header.size > this.#options.maxBytes) {
      this.#wire.tellError('framing');
      return this.#skip(first);
    }
    const wanted = this.#wanted?.tag === header.tag ? this.#wanted : null;
    const givenUp = this.#givenUp;
    let payload = first.bytes.subarray(HEADER_BYTES);
    let left = wanted ? this.#wholeSize(header, payload) : header.size;
    let isShort = first.isShort;
    let last = 0;
    for (;;) {
      payload = payload.subarray(0, left);
      left -= payload.length;
      last = payload.at(-1) ?? last;
      if (wanted) this.#handOn(wanted, payload, left === 0 && this.#endsMessage(header, last));
      if (left === 0) break;
      if (isShort && !this.#options.quirks.oneHeader) {
        this.#wire.tellError('framing');
        return null;
      }
      const chunk = await this.#read(Math.min(CHUNK_BYTES, this.#wholePackets(left)));
      if (chunk === null || chunk.isStalled || this.#givenUp !== givenUp) return chunk;
      ({ bytes: payload, isShort } = chunk);
    }
    if (wanted && this.#wanted === wanted) await this.#goOn(wanted, header);
    return null;
  }

  #handOn(wanted: Wanted, payload: Uint8Array, isEnd: boolean): void {
    wanted.started ||= payload.length > 0;
    if (isEnd) this.#wanted = null;
    if (payload.length > 0 || isEnd) this.#wire.tell(payload, isEnd);
  }

  async #goOn(wanted: Wanted, { size }: InHeader): Promise<void> {
    wanted.empty = size === 0 ? wanted.empty + 1 : 0;
    if (wanted.empty <= MAX_EMPTY) return this.#wire.askOn(() => this.#wanted === wanted);
    this.#wanted = null;
    this.#wire.tellError('framing');
  }

  #endsMessage({ endOfMessage, termChar }: InHeader, lastByte: number): boolean {
    const { quirks, termChar: wantedChar } = this.#options;
    if (endOfMessage || quirks.oneHeader) return true;
    return wantedChar !== undefined && (termChar || lastByte === wantedChar);
  }

  #wholeSize({ size }: InHeader, payload: Uint8Array): number {
    return this.#options.quirks.oneHeader ? Math.max(size, blockBytes(payload)) : size;
  }

  /** What has no header that can be read goes up to the end of its transfer. */
  async #skip(first: Chunk): Promise<Chunk | null> {
    const givenUp = this.#givenUp;
    let chunk: Chunk | null = first;
    while (chunk !== null && !chunk.isShort) {
      chunk = await this.#read(this.#options.fn.bulkIn.packetSize);
      if (this.#givenUp !== givenUp) return chunk;
    }
    return null;
  }

  /** Asked for once more, when nothing of it was handed on yet (46). */
  async #stalled(): Promise<void> {
    const wanted = this.#wanted;
    if (!wanted) return;
    if (!wanted.started && !wanted.retried) {
      wanted.retried = true;
      return this.#wire.askOn(() => this.#wanted === wanted);
    }
    this.#wire.tellError('unknown');
  }

  #wholePackets(bytes: number): number {
    const { packetSize } = this.#options.fn.bulkIn;
    return Math.ceil(bytes / packetSize) * packetSize;
  }
}
