/**
 * The plugs that one run may use, and what was checked of them when it began.
 *
 * Made by create-bench.ts, one for each run, and one for the station as a whole. Below: plug-link.ts. Knows nothing of
 * other runs but what it is told: which plugs are in use.
 */
import type { Clock } from '#base/clock.ts';
import { Fault } from '#base/fault.ts';
import type { ExpectedReboot, PlugStatus, PlugWire, SlotBench } from '#hardware/bench/bench.ts';
import type { Place } from '#hardware/bench/found-device.ts';
import type { PlugLink } from '#hardware/bench/plug-link.ts';
import { awaitReboot } from '#hardware/bench/reboot.ts';
import type { Instrument } from '#hardware/instrument/instrument.ts';
import { unlessAborted } from '#hardware/waiting.ts';

export interface SlotViewOptions {
  readonly links: readonly PlugLink[];
  readonly clock: Clock;
  /** A device is being looked at that may be one of these plugs. */
  readonly isLooking: (links: readonly PlugLink[]) => boolean;
  /** Resolves when whatever is being looked at has been looked at, or that takes too long. */
  readonly settled: () => Promise<unknown>;
  /** Everything that is plugged in. */
  readonly present: () => Promise<readonly Place[]>;
  /** An emergency stop that is not over yet. */
  readonly cutting: () => Promise<unknown> | null;
  /** Called before anything is sent over a simulated wire that all slots share. */
  readonly onAsk?: (plug: string) => void;
}

const NONE: ReadonlySet<string> = new Set();

export class SlotView implements SlotBench {
  readonly #options: SlotViewOptions;
  /** By plug: the connection that was checked. */
  readonly #checked = new Map<PlugLink, object>();

  constructor(options: SlotViewOptions) {
    this.#options = options;
  }

  get plugs(): readonly PlugStatus[] {
    return this.#options.links.map((link) => link.status);
  }

  async check(signal: AbortSignal, inUse = NONE): Promise<readonly PlugStatus[]> {
    const { links, isLooking, settled } = this.#options;
    if (isLooking(links) || links.some((link) => !link.ready))
      await unlessAborted(settled(), signal).catch(() => undefined);
    return present(await Promise.all(links.map((link) => this.#check(link, signal, inUse))));
  }

  instrument(key: string): Instrument {
    const { onAsk } = this.#options;
    const link = this.#link(key);
    const instrument = link.instrument(this.#checked.get(link) ?? null);
    return onAsk && link.simulated && link.plug.slot === undefined
      ? announced(instrument, () => onAsk(key))
      : instrument;
  }

  async reboot(key: string, expected: ExpectedReboot, cause: () => Promise<void>, signal: AbortSignal): Promise<void> {
    const { clock, present, isLooking, settled } = this.#options;
    const link = this.#link(key);
    return awaitReboot({
      link,
      checked: this.#checked.get(link) ?? null,
      expected,
      cause,
      present,
      settled: async () => isLooking([link]) && settled(),
      clock,
      signal,
    });
  }

  async makeSafe(signal: AbortSignal, keep = NONE): Promise<readonly PlugStatus[]> {
    const { links, cutting } = this.#options;
    const before = cutting();
    if (before) await unlessAborted(before, signal).catch(() => undefined);
    const own = links.filter(({ plug }) => !keep.has(plug.key));
    const unsafe = present(await Promise.all(own.map((link) => link.makeSafe(signal))));
    // An emergency stop in the middle of it has cut this off too, and sends the safe state itself.
    return cutting() && !signal.aborted ? this.makeSafe(signal, keep) : unsafe;
  }

  wires(sinceMs: number): readonly PlugWire[] {
    return this.#options.links.flatMap((link) =>
      link.wires.since(sinceMs).map((recording) => ({ plug: link.plug.key, recording })),
    );
  }

  #link(key: string): PlugLink {
    const link = this.#options.links.find(({ plug }) => plug.key === key);
    if (link) return link;
    throw new Fault('lost', `There is no plug '${key}' on this bench.`, 'Add it to the plugs of the procedure.');
  }

  async #check(link: PlugLink, signal: AbortSignal, inUse: ReadonlySet<string>): Promise<PlugStatus | null> {
    // A question in the middle of another run's conversation would be in its way.
    const isKnown = inUse.has(link.plug.key) && link.checked !== null;
    const trouble = isKnown ? null : await link.check(signal);
    const { checked } = link;
    if (checked) this.#checked.set(link, checked);
    return trouble;
  }
}

function present(statuses: readonly (PlugStatus | null)[]): readonly PlugStatus[] {
  return statuses.filter((status) => status !== null);
}

function announced(instrument: Instrument, announce: () => void): Instrument {
  return {
    key: instrument.key,
    write: (command, signal) => (announce(), instrument.write(command, signal)),
    query: (command, signal, limitMs) => (announce(), instrument.query(command, signal, limitMs)),
    read: (reading, signal, limitMs) => (announce(), instrument.read(reading, signal, limitMs)),
    curve: (reading, signal, limitMs) => (announce(), instrument.curve(reading, signal, limitMs)),
    set: (setting, value, signal) => (announce(), instrument.set(setting, value, signal)),
    ...(instrument.print
      ? { print: (label: Uint8Array, signal: AbortSignal) => (announce(), instrument.print!(label, signal)) }
      : {}),
    ...(instrument.takeLines ? { takeLines: () => instrument.takeLines!() } : {}),
  };
}
