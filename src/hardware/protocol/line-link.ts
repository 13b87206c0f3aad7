/**
 * A transport as lines of text: one ear hears every line, every damage and the loss of the wire, in order.
 *
 * Below it: a transport and a delimiter framer. Above it: scpi-session.ts. Bytes are framed first and decoded a frame
 * at a time (pitfall 29), as Latin-1, which instruments use. Knows nothing of queries and answers.
 */
import { Fault } from '#base/fault.ts';
import { DelimiterFramer } from '#hardware/framing/delimiter.ts';
import { MessageFramer } from '#hardware/framing/message.ts';
import type { HardwareCode, HardwareFault, Transport } from '#hardware/transport/transport.ts';

export interface Ear {
  line(text: string, atMs: number): void;
  /** Something came that cannot be believed: bytes were damaged, or are no text. */
  damaged(fault: HardwareFault): void;
  /** The wire is gone, for good. */
  lost(fault: HardwareFault): void;
}

/** A trace of 100,000 points printed as numbers of up to 24 characters, such as `-1.23456789012345678E-003,`. */
const MAX_LINE_BYTES = 100_000 * 25;
const REMEDY = 'Check the cable, and the baud rate and parity of this plug in the procedure.';

export class LineLink {
  readonly label: string;
  readonly #transport: Transport;
  readonly #terminator: string;
  readonly #framer: DelimiterFramer;
  /** In its place on a wire that says where its messages end. */
  readonly #messages: MessageFramer | null;
  readonly #ear: Ear;
  readonly #stopListening: () => void;
  #heardAtMs = -Infinity;

  /** @param transport open, or opened before the first line is sent */
  constructor(transport: Transport, terminator: string, ear: Ear) {
    this.label = transport.label;
    this.#transport = transport;
    this.#terminator = terminator;
    this.#ear = ear;
    this.#framer = new DelimiterFramer({ terminators: [encode(endOf(terminator))], maxFrameBytes: MAX_LINE_BYTES });
    this.#messages = transport.kind === 'message' ? new MessageFramer(MAX_LINE_BYTES) : null;
    this.#stopListening = transport.onEvent((event) => {
      switch (event.kind) {
        case 'data':
          this.#heardAtMs = event.atMs;
          return this.#messages
            ? this.#hearMessage(this.#messages, event.bytes, event.end === true, event.atMs)
            : this.#hear(event.bytes, event.atMs);
        case 'line-error':
          this.#messages?.reset();
          return this.#ear.damaged(lineFault(this.label, event.error));
        case 'lost':
          return this.#ear.lost(lostLink(this.label, event.cause));
      }
    });
  }

  /** Monotonic time of the last byte that came; -Infinity before the first. */
  get heardAtMs(): number {
    return this.#heardAtMs;
  }

  /** True while a line has begun to arrive and not ended. */
  get midLine(): boolean {
    return (this.#messages ?? this.#framer).midFrame;
  }

  /** Forgets the line that has begun. */
  forget(): void {
    this.#framer.reset();
    this.#messages?.reset();
  }

  /**
   * Hands the line over before returning, when nothing else is being written.
   * @param asks an answer is expected, which a wire of messages has to fetch
   */
  send(line: string, signal: AbortSignal, asks = false): Promise<void> {
    if (/[^\x20-\xff\t]/.test(line)) {
      const fault = new Fault<HardwareCode>(
        'protocol-error',
        `The command ${JSON.stringify(line)} cannot be sent: it is not one line of Latin-1 text.`,
        'Correct this command in the procedure.',
      );
      return Promise.reject(fault);
    }
    return this.#transport.write(encode(line + this.#terminator), signal, asks);
  }

  /** Hears nothing more; the transport stays as it is. */
  detach(): void {
    this.#stopListening();
  }

  #hear(bytes: Uint8Array, atMs: number): void {
    const oversizeBefore = this.#framer.counters.oversizeFrames;
    for (const frame of this.#framer.push(bytes)) this.#line(frame, atMs);
    if (this.#framer.counters.oversizeFrames > oversizeBefore) this.#ear.damaged(oversizeFault(this.label));
  }

  #hearMessage(messages: MessageFramer, bytes: Uint8Array, isEnd: boolean, atMs: number): void {
    const oversizeBefore = messages.oversizeFrames;
    const message = messages.push(bytes, isEnd);
    if (message) this.#line(message, atMs);
    if (messages.oversizeFrames > oversizeBefore) this.#ear.damaged(oversizeFault(this.label));
  }

  #line(frame: Uint8Array, atMs: number): void {
    const text = decode(frame);
    // Control characters are no part of a text answer: noise, a wrong baud rate, or a binary answer.
    if (/[^\x20-\x7e\xa0-\xff\t]/.test(text)) this.#ear.damaged(garbledFault(this.label, text));
    else this.#ear.line(text, atMs);
  }
}

/** CR LF is heard from its LF on, so that a device that sends the LF alone is understood too (30). */
function endOf(terminator: string): string {
  return terminator === '\r\n' ? '\n' : terminator;
}

function encode(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}

function decode(frame: Uint8Array): string {
  // In pieces: a call takes only so many arguments.
  let text = '';
  for (let i = 0; i < frame.length; i += 4096) text += String.fromCharCode(...frame.subarray(i, i + 4096));
  return text.trim();
}

function lostLink(label: string, cause: string): HardwareFault {
  const message = `The connection to the device (${label}) is gone: ${cause}.`;
  return new Fault<HardwareCode>('lost', message, 'Check its cable and its power, and plug it in again.');
}

function lineFault(label: string, error: string): HardwareFault {
  return new Fault<HardwareCode>('line-error', `The line to the device (${label}) had an error: ${error}.`, REMEDY);
}

function garbledFault(label: string, text: string): HardwareFault {
  const shown = JSON.stringify(text.slice(0, 40));
  return new Fault<HardwareCode>(
    'frame-error',
    `The device (${label}) answered with what is not text: ${shown}.`,
    REMEDY,
  );
}

function oversizeFault(label: string): HardwareFault {
  const message = `The device (${label}) sent more than ${MAX_LINE_BYTES} bytes without ending a line.`;
  return new Fault<HardwareCode>('frame-error', message, REMEDY);
}
