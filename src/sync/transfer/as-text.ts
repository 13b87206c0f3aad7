/**
 * A transfer file as lines of letters, for ways that carry text alone: browsers share `.txt`, and no file of their own choice.
 *
 * Base64 between two marks, as keys and certificates are sent (RFC 7468). Whatever a mail program does to line ends, the
 * file comes back; its own signature says whether it is whole. Pure.
 */
import { transferFault } from '#sync/transfer/transfer-fault.ts';
import type { Bytes } from '#sync/transfer/zip.ts';

const BEGIN = '-----BEGIN FIELDBENCH TRANSFER-----';
const END = '-----END FIELDBENCH TRANSFER-----';
/** 76 characters a line, RFC 2045. */
const LINE_BYTES = 57;
/** What a program puts in front: a mark of byte order, a line of its own. */
const MOST_BEFORE = 1024;

export function asText(bytes: Bytes): string {
  const lines: string[] = [];
  for (let at = 0; at < bytes.length; at += LINE_BYTES)
    lines.push(btoa(String.fromCharCode(...bytes.subarray(at, at + LINE_BYTES))));
  return [BEGIN, ...lines, END, ''].join('\n');
}

/**
 * @returns the file that these bytes are as text, or the bytes themselves where they are no such text
 * @throws {Fault} `cut`
 */
export function fromText(bytes: Bytes): Bytes {
  const before = new TextDecoder().decode(bytes.subarray(0, MOST_BEFORE));
  if (!before.includes(BEGIN)) return bytes;
  const text = new TextDecoder().decode(bytes);
  const end = text.indexOf(END);
  const letters = text.slice(text.indexOf(BEGIN) + BEGIN.length, Math.max(0, end)).replaceAll(/\s/g, '');
  try {
    if (end < 0) throw new Error('its last line is missing');
    return Uint8Array.from(atob(letters), (character) => character.charCodeAt(0));
  } catch (thrown) {
    throw transferFault('cut', 'This text is not whole: its end is missing or some of it was changed.', thrown);
  }
}
