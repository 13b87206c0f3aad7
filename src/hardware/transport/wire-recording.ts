/**
 * A wire log outside of its memory: as data to play back, as a text to keep and send, as lines for people.
 *
 * Pure. Made by wire-log.ts, played back by replay/. Knows nothing of what the bytes mean.
 */
import { Fault } from '#base/fault.ts';
import type { LineError, Transport } from '#hardware/transport/transport.ts';

export type WireEntry =
  /** `asks`: an answer was expected. */
  | { readonly kind: 'out'; readonly atMs: number; readonly bytes: Uint8Array; readonly asks?: boolean }
  /** `end`: the device ended its message here. */
  | { readonly kind: 'in'; readonly atMs: number; readonly bytes: Uint8Array; readonly end?: boolean }
  | { readonly kind: 'line-error'; readonly atMs: number; readonly error: LineError }
  | { readonly kind: 'lost'; readonly atMs: number; readonly cause: string }
  | { readonly kind: 'opened' | 'closed'; readonly atMs: number };

/** A log as it is kept and sent; times in milliseconds of one monotonic clock. */
export interface WireRecording {
  readonly format: 'fieldbench-wire-log';
  readonly version: 1;
  /** Of the transport, for people. */
  readonly label: string;
  readonly wire: Transport['kind'];
  /** Bytes that went before the first entry and are no longer here. */
  readonly forgottenBytes: number;
  readonly entries: readonly WireEntry[];
}

/** JSON, bytes in hexadecimal, one line an entry so that two logs can be compared by any tool. */
export function recordingText({ entries, ...head }: WireRecording): string {
  const lines = entries.map((entry) =>
    JSON.stringify('bytes' in entry ? { ...entry, bytes: hex(entry.bytes) } : entry),
  );
  const [open] = JSON.stringify({ ...head, entries: [] }).split(']}');
  return `${open}${lines.length > 0 ? `\n  ${lines.join(',\n  ')}\n` : ''}]}\n`;
}

/** @throws {Fault} `not-a-wire-log` with what is wrong, for any other text */
export function readRecording(text: string): WireRecording {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch {
    throw notALog('it is no JSON');
  }
  const head = data as Partial<WireRecording> | null;
  if (head?.format !== 'fieldbench-wire-log' || head.version !== 1) throw notALog('it does not say that it is one');
  if (head.wire !== 'stream' && head.wire !== 'message') throw notALog('it does not say what kind of wire it was');
  if (!Array.isArray(head.entries)) throw notALog('it has no entries');
  const entries = head.entries.map((entry: unknown, index) => {
    const read = readEntry(entry);
    if (read === null) throw notALog(`its entry ${index + 1} cannot be read`);
    return read;
  });
  return {
    format: 'fieldbench-wire-log',
    version: 1,
    label: String(head.label ?? ''),
    wire: head.wire,
    forgottenBytes: Number(head.forgottenBytes) || 0,
    entries,
  };
}

const LINE_ERRORS: readonly string[] = ['overrun', 'framing', 'parity', 'break', 'unknown'];

function readEntry(entry: unknown): WireEntry | null {
  if (typeof entry !== 'object' || entry === null) return null;
  const { kind, atMs, bytes, asks, end, error, cause } = entry as Record<string, unknown>;
  if (typeof atMs !== 'number') return null;
  if (kind === 'opened' || kind === 'closed') return { kind, atMs };
  if (kind === 'lost') return { kind, atMs, cause: String(cause) };
  if (kind === 'line-error')
    return LINE_ERRORS.includes(String(error)) ? { kind, atMs, error: error as LineError } : null;
  if ((kind !== 'in' && kind !== 'out') || typeof bytes !== 'string' || !/^(?:[0-9a-f]{2})*$/.test(bytes)) return null;
  const read = Uint8Array.from(bytes.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16));
  if (kind === 'in') return { kind, atMs, bytes: read, ...(end === true ? { end } : {}) };
  return { kind, atMs, bytes: read, ...(asks === true ? { asks } : {}) };
}

function notALog(why: string): Fault {
  return new Fault(
    'not-a-wire-log',
    `This file is no log of a wire: ${why}.`,
    'Choose a file that was exported as a wire log.',
  );
}

/** One entry for people: what it was, and its bytes both ways of writing them. */
export interface WireLine {
  readonly atMs: number;
  /** `trouble`: the wire was lost, or bytes were damaged. `note`: it was opened or closed. */
  readonly direction: 'out' | 'in' | 'note' | 'trouble';
  readonly text: string;
  /** Empty where no bytes went. */
  readonly hex: string;
}

const SIGNS = { out: '→', in: '←', note: ' ', trouble: '!' } as const;

export function wireLine(entry: WireEntry): WireLine {
  const { atMs, kind } = entry;
  if (kind === 'lost') return { atMs, direction: 'trouble', text: `lost: ${entry.cause}`, hex: '' };
  if (kind === 'line-error') return { atMs, direction: 'trouble', text: `line error: ${entry.error}`, hex: '' };
  if (!('bytes' in entry)) return { atMs, direction: 'note', text: entry.kind, hex: '' };
  const end = entry.kind === 'in' && entry.end ? ' (end of message)' : '';
  const spaced = hex(entry.bytes).replace(/..(?=.)/g, '$& ');
  return { atMs, direction: entry.kind, text: shown(entry.bytes) + end, hex: spaced + end };
}

/** For people: time since the first entry, direction, text with what is none of it in hexadecimal. */
export function recordingLines({ entries, forgottenBytes }: WireRecording): string[] {
  const startMs = entries[0]?.atMs ?? 0;
  const lines = entries.map((entry) => {
    const { atMs, direction, text } = wireLine(entry);
    return `${(atMs - startMs).toFixed(3).padStart(12)}  ${SIGNS[direction]} ${text}`;
  });
  return forgottenBytes > 0 ? [`(${forgottenBytes} bytes before this are not kept)`, ...lines] : lines;
}

/** Printable characters as they are, line ends as \n and \r, anything else as <00>. */
function shown(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) {
    if (byte === 0x0a) text += '\\n';
    else if (byte === 0x0d) text += '\\r';
    else if (byte >= 0x20 && byte < 0x7f) text += String.fromCharCode(byte);
    else text += `<${byte.toString(16).padStart(2, '0')}>`;
  }
  return text;
}

function hex(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += byte.toString(16).padStart(2, '0');
  return text;
}
