/**
 * Numbers between commas, as an instrument lists many readings.
 *
 * Above it: drivers whose curves come as text.
 */
import { Fault } from '#base/fault.ts';
import { numberFrom } from '#measure/numeric-text.ts';
import type { CommandSession } from '#hardware/protocol/command-session.ts';
import type { HardwareCode } from '#hardware/transport/transport.ts';

/** @throws {HardwareFault} as `query`; `protocol-error` when an item is no number: half a curve is no curve */
export async function readPointsOf(
  session: CommandSession,
  query: string,
  signal: AbortSignal,
  timeoutMs?: number,
): Promise<Float64Array<ArrayBuffer>> {
  const items = (await session.query(query, signal, timeoutMs)).split(',');
  return Float64Array.from(items, (item) => {
    const value = numberFrom(item);
    if (value !== null) return value;
    throw new Fault<HardwareCode>(
      'protocol-error',
      `${query} was answered with ${JSON.stringify(item.slice(0, 40))} where a number belongs.`,
      'Check that the procedure names the right driver for this device.',
    );
  });
}
