/**
 * A transport as lines of text: one ear hears every line, every damage and the loss of the wire, in order.
 *
 * Below it: a transport and a framer. Above it: scpi-session.ts. Bytes are framed first and decoded a frame at a time
 * (pitfall 29): as Latin-1, which instruments use, or as hexadecimal where frames are bytes. While a block is awaited,
 * the block decides before the terminator does (31); on a wire of messages a line ends with its message and by nothing
 * else. Knows nothing of queries and answers.
 */
import { messageOf } from '#base/fault.ts';
import { BlockFramer } from '#hardware/framing/block-488.ts';
import type { Framer } from '#hardware/framing/framer.ts';
import { createFramer, encodeFrame, type Framing } from '#hardware/framing/framing.ts';
import { MessageFramer } from '#hardware/framing/message.ts';
import { bytesFromHex, hexFromBytes, latin1FromBytes, bytesFromLatin1 } from '#hardware/protocol/byte-text.ts';
import {
  badFrameFault,
  endlessBlockFault,
  garbledFault,
  lineFault,
  lostLinkFault,
  oversizeFault,
  unsendableFault,
} from '#hardware/protocol/link-faults.ts';
import type { HardwareFault, Transport } from '#hardware/transport/transport.ts';

export type Coding = 'text' | 'hex';

export interface Ear {
  line(text: string, atMs: number): void;
  /** Something came that cannot be believed: bytes were damaged, or are no text. */
  damaged(fault: HardwareFault): void;
  /** The wire is gone, for good. */
  lost(fault: HardwareFault): void;
}

export interface BlockEar extends Ear {
  /** Only after `awaitBlock`. */
  block(bytes: Uint8Array<ArrayBuffer>, atMs: number): void;
}

/** A trace of 100,000 points printed as numbers of up to 24 characters, such as `-1.23456789012345678E-003,`. */
const MAX_LINE_BYTES = 100_000 * 25;
/** The deep memory of a bench oscilloscope, ten million points of two bytes, and some room. */
const MAX_BLOCK_BYTES = 32 * 1024 * 1024;

export class LineLink {
  readonly label: string;
  readonly #transport: Transport;
  readonly #framing: Framing;
  readonly #coding: Coding;
  readonly #lines: Framer;
  /** The same, on a wire that says where its messages end. */
  readonly #messages: MessageFramer | null;
  readonly #ear: BlockEar;
  readonly #stopListening: () => void;
  /** There while a block is awaited, and until what it has begun to read was forgotten. */
  #blocks: BlockFramer | null = null;
  #awaitsBlock = false;
  #heardAtMs = -Infinity;

  /** @param transport open, or opened before the first line is sent */
  constructor(transport: Transport, framing: Framing, coding: Coding, ear: BlockEar) {
    this.label = transport.label;
    this.#transport = transport;
    this.#framing = framing;
    this.#coding = coding;
    this.#ear = ear;
    const endsByMessage = transport.kind === 'message' && framing.kind === 'terminator';
    this.#messages = endsByMessage ? new MessageFramer(MAX_LINE_BYTES) : null;
    this.#lines = this.#messages ?? createFramer(framing, MAX_LINE_BYTES);
    this.#stopListening = transport.onEvent((event) => {
      switch (event.kind) {
        case 'data':
          this.#heardAtMs = event.atMs;
          return this.#awaitsBlock
            ? this.#hearBlocks(event.bytes, event.end === true, event.atMs)
            : this.#hearLines(event.bytes, event.end === true, event.atMs);
        case 'line-error':
          // Of a message that lacks a part, the rest is no message.
          this.#messages?.reset();
          return this.#ear.damaged(lineFault(this.label, event.error));
        case 'lost':
          return this.#ear.lost(lostLinkFault(this.label, event.cause));
      }
    });
  }

  /** Monotonic time of the last byte that came; -Infinity before the first. */
  get heardAtMs(): number {
    return this.#heardAtMs;
  }

  /** True while a line or a block has begun to arrive and not ended. */
  get midLine(): boolean {
    return this.#lines.midFrame || this.#blocks?.midFrame === true;
  }

  /** Forgets the line that has begun. */
  forget(): void {
    this.#lines.reset();
    this.#blocks = null;
  }

  /** What comes next may be a block. Called between lines, before its query is sent. */
  awaitBlock(): void {
    this.#blocks = new BlockFramer(MAX_BLOCK_BYTES);
    this.#awaitsBlock = true;
  }

  awaitLine(): void {
    this.#awaitsBlock = false;
  }

  /**
   * Hands the line over before returning, when nothing else is being written.
   * @param asks an answer is expected, which a wire of messages has to fetch
   */
  send(line: string, signal: AbortSignal, asks = false): Promise<void> {
    const bytes = this.#coding === 'hex' ? bytesFromHex(line) : bytesFromLatin1(line);
    if (bytes === null) return Promise.reject(unsendableFault(line, this.#coding));
    try {
      return this.#transport.write(encodeFrame(this.#framing, bytes), signal, asks);
    } catch (thrown) {
      return Promise.reject(unsendableFault(line, this.#coding, messageOf(thrown)));
    }
  }

  /** Hears nothing more; the transport stays as it is. */
  detach(): void {
    this.#stopListening();
  }

  #hearLines(bytes: Uint8Array, isEnd: boolean, atMs: number): void {
    const { oversizeFrames, badFrames } = this.#lines.counters;
    for (const frame of this.#lines.push(bytes)) this.#line(frame, atMs);
    if (isEnd) for (const frame of this.#messages?.end() ?? []) this.#line(frame, atMs);
    const { counters } = this.#lines;
    if (counters.oversizeFrames > oversizeFrames) this.#ear.damaged(oversizeFault(this.label, MAX_LINE_BYTES));
    if (counters.badFrames > badFrames) this.#ear.damaged(badFrameFault(this.label));
  }

  #hearBlocks(bytes: Uint8Array, isEnd: boolean, atMs: number): void {
    const blocks = this.#blocks;
    if (!blocks) return;
    const { oversizeFrames, badFrames } = blocks.counters;
    for (const { kind, bytes: answer } of [...blocks.push(bytes), ...(isEnd ? blocks.end() : [])]) {
      if (kind === 'block') this.#ear.block(answer, atMs);
      else this.#line(answer, atMs);
    }
    if (blocks.hasNoEnd && this.#transport.kind === 'stream') this.#ear.damaged(endlessBlockFault(this.label));
    if (blocks.counters.oversizeFrames > oversizeFrames) this.#ear.damaged(oversizeFault(this.label, MAX_BLOCK_BYTES));
    if (blocks.counters.badFrames > badFrames) this.#ear.damaged(badFrameFault(this.label));
  }

  #line(frame: Uint8Array, atMs: number): void {
    if (this.#coding === 'hex') return this.#ear.line(hexFromBytes(frame), atMs);
    const text = latin1FromBytes(frame).trim();
    // Control characters are no part of a text answer: noise, a wrong baud rate, or a binary answer.
    if (/[^\x20-\x7e\xa0-\xff\t]/.test(text)) this.#ear.damaged(garbledFault(this.label, text));
    else this.#ear.line(text, atMs);
  }
}
