/**
 * Instruments that do USBTMC in a way of their own, by USB id.
 *
 * What users of other open drivers have met; each with where it was reported. Data only.
 */
export interface Quirks {
  /** Hangs on INITIATE_CLEAR: it is never sent. */
  readonly noClear?: true;
  /** Ends no transfer with a short packet: it is read by its size, as every device of full speed is. */
  readonly sizeEndsTransfer?: true;
  /** Alignment bytes behind a command are taken for part of it. */
  readonly noPadding?: true;
  /**
   * The header comes once; what follows comes without being asked for, and asking again begins anew. The end of the
   * message is said too early: the message is as long as its header says, or its IEEE 488.2 block.
   */
  readonly oneHeader?: true;
}

/** By vendor, and by vendor and product in addition. */
const QUIRKS: Readonly<Record<string, Quirks>> = {
  // Rigol: pyvisa-py issue 463. Siglent: pyvisa-py pull request 449, until a firmware of 2020.
  '1ab1:*': { sizeEndsTransfer: true },
  'f4ec:*': { sizeEndsTransfer: true },
  // Rigol DS1000Z: python-usbtmc pull requests 18 (header) and 62 (clear).
  '1ab1:04ce': { noClear: true, oneHeader: true },
  // Rigol DS1000D/E: python-usbtmc and Linux's usbtmc.c both list it.
  '1ab1:0588': { oneHeader: true },
  // Keithley 2230, 2450: pyvisa-py issue 96.
  '05e6:2230': { noPadding: true },
  '05e6:2450': { noPadding: true },
};

export function quirksOf(usbId: string): Quirks {
  return { ...QUIRKS[`${usbId.slice(0, 4)}:*`], ...QUIRKS[usbId] };
}

/** Whole length of an IEEE 488.2 definite block that begins with these bytes; 0 when none does. */
export function blockBytes(payload: Uint8Array): number {
  const digits = (payload[1] ?? 0) - 0x30;
  if (payload[0] !== 0x23 || !(digits >= 1 && digits <= 9) || payload.length < 2 + digits) return 0;
  const length = Number(String.fromCharCode(...payload.subarray(2, 2 + digits)));
  return Number.isInteger(length) ? 2 + digits + length : 0;
}
