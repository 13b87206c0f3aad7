/**
 * Bytes as text and back: Latin-1, one character a byte, and hexadecimal.
 *
 * Pure. Knows nothing of frames.
 */

/** @returns null when it is not one line of Latin-1 text */
export function bytesFromLatin1(text: string): Uint8Array<ArrayBuffer> | null {
  if (/[^\x20-\xff\t]/.test(text)) return null;
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}

export function latin1FromBytes(bytes: Uint8Array): string {
  // In pieces: a call takes only so many arguments.
  let text = '';
  for (let i = 0; i < bytes.length; i += 4096) text += String.fromCharCode(...bytes.subarray(i, i + 4096));
  return text;
}

/** @returns null when it is not pairs of hexadecimal digits, with or without blanks between them */
export function bytesFromHex(text: string): Uint8Array<ArrayBuffer> | null {
  if (!/^\s*(?:[0-9a-f]{2}\s*)*$/i.test(text)) return null;
  return Uint8Array.from(text.match(/[0-9a-f]{2}/gi) ?? [], (pair) => Number.parseInt(pair, 16));
}

/** `01 ff`. */
export function hexFromBytes(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(' ');
}
