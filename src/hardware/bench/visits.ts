/**
 * The visits of a bench: which device is meant, that no plug has it, and that the search leaves it alone meanwhile.
 *
 * One visit at a time. Above: create-bench.ts. Below: visit.ts. Knows nothing of what is said.
 */
import type { Clock } from '#base/clock.ts';
import { Fault } from '#base/fault.ts';
import type { DevicePlace } from '#hardware/bench/bench.ts';
import type { Candidate } from '#hardware/bench/probe.ts';
import type { PlugLink } from '#hardware/bench/plug-link.ts';
import type { Search } from '#hardware/bench/search.ts';
import { explore, type Visit } from '#hardware/bench/visit.ts';
import type { VisitWay } from '#hardware/bench/visit-way.ts';
import type { HardwareCode } from '#hardware/transport/transport.ts';

export interface VisitsOptions {
  readonly links: readonly PlugLink[];
  readonly search: Search;
  readonly clock: Clock;
}

export class Visits {
  readonly #options: VisitsOptions;
  /** The visit that is under way or open: how it is ended, and when its beginning is over. */
  #present: { readonly end: AbortController; readonly begun: Promise<Visit> } | null = null;
  #giveBack: (() => void) | null = null;

  constructor(options: VisitsOptions) {
    this.#options = options;
  }

  /**
   * @param way in which it is asked who it is; null: in all usual ones
   * @throws {HardwareFault} `busy` where a plug has it; `lost`, `unsupported`, `permission-needed`, `aborted`
   */
  async begin(place: DevicePlace, way: VisitWay | null, signal: AbortSignal): Promise<Visit> {
    await this.end();
    const end = new AbortController();
    const begun = this.#begin(place, way, AbortSignal.any([signal, end.signal]));
    const present = (this.#present = { end, begun });
    try {
      return await begun;
    } catch (thrown) {
      if (this.#present === present) await this.end();
      throw thrown;
    }
  }

  /** Whether it is open or still being asked; resolves when its wire is closed. */
  async end(): Promise<void> {
    const present = this.#present;
    this.#present = null;
    present?.end.abort(ended());
    const visit = await present?.begun.catch(() => null);
    await visit?.close();
    this.#giveBack?.();
    this.#giveBack = null;
  }

  /** The wire ends before this returns. */
  cutOff(): void {
    this.#present?.end.abort(ended());
  }

  async #begin(place: DevicePlace, way: VisitWay | null, signal: AbortSignal): Promise<Visit> {
    const { search, clock } = this.#options;
    const candidate = await this.#find(place);
    this.#giveBack = await search.lend(candidate);
    // A probe that was under way may have given it to a plug.
    return explore({ device: this.#demandFree(candidate), clock }, way, signal);
  }

  async #find({ reach, usb, serialNumber, at }: DevicePlace): Promise<Candidate> {
    const all = (await this.#options.search.present()).filter(
      (one) => one.reach === reach && one.usb === usb && one.serialNumber === serialNumber,
    );
    // A device with several functions is there once for each; the first that is free will do.
    const found = reach === 'usb' ? all[0] : all[at];
    if (found) return found;
    throw new Fault<HardwareCode>('lost', `There is no device ${usb} any more.`, 'Plug it in again.');
  }

  #demandFree(candidate: Candidate) {
    const owner = this.#options.links.find((link) => link.candidate === candidate);
    if (candidate.device?.isApart)
      throw new Fault<HardwareCode>(
        'busy',
        'This device is a scanner of this station.',
        'Forget it as a scanner first.',
      );
    if (!owner && candidate.device) return candidate.device;
    throw new Fault<HardwareCode>(
      'busy',
      `This device is ${owner?.plug.name ?? 'simulated'}, which the procedure uses.`,
      'Speak to it by hand at its card above.',
    );
  }
}

function ended(): Fault<HardwareCode> {
  return new Fault<HardwareCode>('aborted', 'The talk with this device was ended.', 'Ask it anew who it is.');
}
