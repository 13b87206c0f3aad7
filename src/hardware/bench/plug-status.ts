/**
 * What a plug's link is made with, and how that and its present words are one status.
 *
 * Pure. Used by plug-link.ts. Knows nothing of wires.
 */
import type { Clock } from '#base/clock.ts';
import type { PlugStatus } from '#hardware/bench/bench.ts';
import type { Reach } from '#hardware/bench/device-host.ts';
import { resourceOf, type BenchPlug } from '#hardware/bench/plug.ts';
import type { Twin } from '#hardware/bench/found-device.ts';
import { twins, type PlugWords } from '#hardware/bench/plug-words.ts';

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

/** What a link knows of its device. */
export interface PlugKnowledge {
  readonly words: PlugWords;
  readonly identity: string;
  /** Of the device that it is bound to; empty where there is none to see. */
  readonly serialNumber: string;
  readonly twin: Twin | null;
}

export function statusOf(options: PlugLinkOptions, known: PlugKnowledge): PlugStatus {
  const { plug, simulated, reach } = options;
  const { key, name, slot } = plug;
  const { identity, serialNumber, twin } = known;
  const answers = twin && identity !== '' ? [identity, twin.answer] : [];
  const words = twin ? twins(name, answers, twin.serialNumbers) : known.words;
  return {
    key,
    name,
    ...(slot === undefined ? {} : { slot }),
    ...words,
    simulated,
    identity,
    ...(simulated ? {} : { usb: resourceOf(plug).usb, reach }),
    ...(serialNumber === '' ? {} : { serialNumber }),
    // Two that answer the same cannot be told apart by it.
    ...(new Set(answers).size > 1 ? { alike: answers } : {}),
    ...(plug.chosen === undefined ? {} : { chosen: plug.chosen }),
  };
}
