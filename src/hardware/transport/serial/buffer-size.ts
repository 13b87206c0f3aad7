/**
 * How many bytes the pipe between browser and page must hold.
 *
 * Pure arithmetic. The browser's own choice, 255 bytes, loses data (pitfall 1).
 */
import type { SerialSettings } from '#hardware/transport/serial-settings.ts';

/** A page or worker may be held up this long and still lose nothing. */
const STALL_SECONDS = 2;
/** Below this nothing is saved worth having: 64 KiB, as the reference prescribes. */
const LEAST_BYTES = 64 * 1024;
/** Chrome and Firefox refuse more: 16 MiB. */
const MOST_BYTES = 16 * 1024 * 1024;

export function bufferSizeFor(settings: SerialSettings): number {
  const startBit = 1;
  const parityBit = settings.parity === 'none' ? 0 : 1;
  const bitsPerByte = startBit + settings.dataBits + parityBit + settings.stopBits;
  const bytes = Math.ceil((settings.baudRate / bitsPerByte) * STALL_SECONDS);
  return Math.min(MOST_BYTES, Math.max(LEAST_BYTES, bytes));
}
