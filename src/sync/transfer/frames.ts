/**
 * A transfer file as a series of short texts, each small enough for one QR code that any camera or scanner reads.
 *
 * A frame is `FB1`, the series (8 characters of the hash of everything), its number and their total (3 digits each), a
 * part of the deflated file in Base32, and a checksum of all that. Frames come in any order, twice, or damaged: who
 * collects them is frame-series.ts. Knows nothing of pictures and cameras.
 */
import { fromBase32, toBase32 } from '#sync/transfer/base32.ts';
import { transferFault } from '#sync/transfer/transfer-fault.ts';
import type { Bytes } from '#sync/transfer/zip.ts';

export interface Frame {
  readonly series: string;
  /** 1 to `total`. */
  readonly number: number;
  readonly total: number;
  readonly part: Bytes;
}

export const MARK = 'FB1';
/** 480 characters with all around it: a QR code of version 13 with medium correction (69 modules) holds 483. */
const PART_BYTES = 285;
/** Three digits; at five a second they take a person more than three minutes, and a stick is faster. */
const MOST_FRAMES = 999;
/** More than a small transfer ever has; what unpacks to more was made to fill a memory. */
const MOST_BYTES = 16 * 1024 * 1024;
const SERIES_BYTES = 5;
const FRAME = /^FB1([A-Z2-7]{8})(\d{3})(\d{3})([A-Z2-7]+)([A-Z2-7]{7})$/;
const CHECK_LENGTH = 7;

/** @throws {Fault} `too-large` */
export async function framesOf(file: Bytes): Promise<string[]> {
  const packed = await through(new CompressionStream('deflate-raw'), file);
  const total = Math.max(1, Math.ceil(packed.length / PART_BYTES));
  if (total > MOST_FRAMES) throw transferFault('too-large', 'This file is too large for a series of QR codes.');
  const series = await seriesOf(packed);
  const partBytes = Math.max(1, Math.ceil(packed.length / total));
  return Array.from({ length: total }, (_, index) => {
    const part = packed.subarray(index * partBytes, (index + 1) * partBytes);
    const text = MARK + series + digits(index + 1) + digits(total) + toBase32(part);
    return text + checkOf(text);
  });
}

/** @returns null when the text is no frame, or not whole */
export function readFrame(text: string): Frame | null {
  const [, series, number, total, letters, check] = FRAME.exec(text) ?? [];
  if (series === undefined || letters === undefined || checkOf(text.slice(0, -CHECK_LENGTH)) !== check) return null;
  const part = fromBase32(letters);
  const frame = { series, number: Number(number), total: Number(total) };
  return part && frame.number >= 1 && frame.number <= frame.total ? { ...frame, part } : null;
}

/**
 * @param parts in their order
 * @throws {Fault} `cut` when they do not belong together, `too-large`
 */
export async function joinParts(series: string, parts: readonly Bytes[]): Promise<Bytes> {
  const packed = joined(parts);
  if ((await seriesOf(packed)) !== series) throw transferFault('cut', 'These QR codes do not fit together.');
  return through(new DecompressionStream('deflate-raw'), packed).catch((thrown: unknown) => {
    if (thrown instanceof TypeError) throw transferFault('cut', 'These QR codes do not hold a whole file.', thrown);
    throw thrown;
  });
}

async function seriesOf(packed: Bytes): Promise<string> {
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', packed));
  return toBase32(hash.subarray(0, SERIES_BYTES));
}

async function through(stream: CompressionStream | DecompressionStream, bytes: Bytes): Promise<Bytes> {
  const parts: Bytes[] = [];
  let length = 0;
  const reader = new Blob([bytes]).stream().pipeThrough(stream).getReader();
  for (let read = await reader.read(); !read.done; read = await reader.read()) {
    length += read.value.length;
    if (length > MOST_BYTES) {
      await reader.cancel();
      throw transferFault('too-large', 'This is larger than a series of QR codes may be.');
    }
    parts.push(read.value as Bytes);
  }
  return joined(parts);
}

function joined(parts: readonly Bytes[]): Bytes {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

function digits(number: number): string {
  return String(number).padStart(3, '0');
}

/** A wedge drops characters; a QR code corrects itself. CRC-32 as ZIP has it, as seven letters. */
function checkOf(text: string): string {
  let crc = 0xffffffff;
  for (let at = 0; at < text.length; at += 1) {
    crc ^= text.charCodeAt(at);
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, ~crc >>> 0);
  return toBase32(bytes);
}
