/**
 * What a plug's link is made with, and how that and its present words are one status.
 *
 * Pure. Used by plug-link.ts. Knows nothing of wires.
 */
import type { Clock } from '#base/clock.ts';
import type { PlugStatus } from '#hardware/bench/bench.ts';
import type { Reach } from '#hardware/bench/device-host.ts';
import { resourceOf, type BenchPlug } from '#hardware/bench/plug.ts';
import type { PlugWords } from '#hardware/bench/plug-words.ts';

export interface PlugLinkOptions {
  readonly plug: BenchPlug;
  readonly simulated: boolean;
  /** Which of the browser's choosers finds its device. */
  readonly reach: Reach;
  /** Whether the identity pattern counts; a simulated plug of which the bench says no identity has none. */
  readonly hasIdentity: boolean;
  readonly clock: Clock;
  /** Called after every change of the status. */
  readonly onChange: () => void;
  /** Called when a plug that was ready is not any more. */
  readonly onLoss: () => void;
}

/** @param serialNumber of the device that it is bound to; empty where there is none to see */
export function statusOf(
  { plug, simulated, reach }: PlugLinkOptions,
  words: PlugWords,
  identity: string,
  serialNumber: string,
): PlugStatus {
  const { key, name, slot } = plug;
  return {
    key,
    name,
    ...(slot === undefined ? {} : { slot }),
    ...words,
    simulated,
    identity,
    ...(simulated ? {} : { usb: resourceOf(plug).usb, reach }),
    ...(serialNumber === '' ? {} : { serialNumber }),
  };
}
