/**
 * How a device that no procedure knows may be spoken to: over which wire, how fast, and what ends a line.
 *
 * Data, and what is tried in which order. Used by visit.ts. Knows nothing of answers.
 */
import type { BenchResource } from '#hardware/bench/plug.ts';

export interface VisitWay {
  readonly kind: BenchResource['kind'];
  /** Of a serial line; absent on other wires. */
  readonly baudRate?: number;
  readonly lineEnd: LineEnd;
  /** How long the device is left alone after its port was opened; 0 where it needs no time. */
  readonly resetOnOpenMs: number;
}

export type LineEnd = '\n' | '\r\n' | '\r';

/** The usual ones, the most usual first: fixtures on USB adapters, instruments with RS-232, then the rest. */
export const BAUD_RATES = [115_200, 9600, 19_200, 38_400, 57_600, 230_400, 4800, 921_600] as const;
/** A board that its port resets as it is opened has mostly started after this time (21). */
const RESET_MS = 2500;
/** Everything that is worth a try on a wire of this kind, in its order. */
export function waysOf(kind: VisitWay['kind']): readonly VisitWay[] {
  if (kind !== 'serial' && kind !== 'usb_serial') return [{ kind, lineEnd: '\n', resetOnOpenMs: 0 }];
  const way = (baudRate: number, resetOnOpenMs: number) => ({ kind, baudRate, lineEnd: '\n', resetOnOpenMs }) as const;
  // A board that restarts at each opening is asked last: every such try takes its time.
  return [...BAUD_RATES.map((baudRate) => way(baudRate, 0)), way(115_200, RESET_MS), way(9600, RESET_MS)];
}

/** What the transports have to know for it. */
export function resourceFor({ kind, baudRate = 9600, lineEnd, resetOnOpenMs }: VisitWay, usb: string): BenchResource {
  const any = { usb: [usb], terminator: lineEnd, identityQuery: '*IDN?', resetOnOpenMs };
  if (kind === 'usbtmc') return { ...any, kind };
  if (kind === 'usb') return { ...any, kind, zeroLengthPacket: false };
  return { ...any, kind, baudRate, dataBits: 8, stopBits: 1, parity: 'none', flowControl: 'none' };
}
