/**
 * What a person says to a device that no procedure knows: found out, spoken to, and given back before the next unit.
 *
 * Nobody knows its safe state, so what was switched on by hand stays a person's business, and that is said. Above:
 * hand-desk.ts. Knows nothing of screens.
 */
import { Fault } from '#base/fault.ts';
import type { DevicePlace, Visited, VisitWay } from '#engine/link/fixture-link.ts';
import type { Visit, VisitableBench } from '#hardware/bench/bench.ts';
import { wireLine, type WireLine } from '#hardware/transport/wire-recording.ts';
import type { View } from './view.ts';

export interface VisitDeskOptions {
  readonly bench: () => Pick<VisitableBench, 'visit' | 'endVisit'>;
  /** No run and no change of procedure meanwhile. @throws {Fault} `busy` */
  readonly alone: <T>(work: () => Promise<T>) => Promise<T>;
  readonly view: View;
}

/** What a screen shows at once. */
const MOST_LINES = 500;
const CODE = 'visited';

export class VisitDesk {
  readonly #options: VisitDeskOptions;
  #visit: Visit | null = null;
  #bench: Pick<VisitableBench, 'endVisit'> | null = null;
  #usb = '';

  constructor(options: VisitDeskOptions) {
    this.#options = options;
  }

  /** @param way in which it is asked who it is; null: in all usual ones @throws {Fault} `busy`, and the device's */
  begin(place: DevicePlace, way: VisitWay | null): Promise<Visited> {
    return this.#options.alone(async () => {
      await this.end();
      const bench = this.#options.bench();
      // Before it is there: whoever ends the talk meanwhile ends that, too.
      this.#bench = bench;
      this.#usb = place.usb;
      this.#visit = await bench.visit(place, way, new AbortController().signal);
      return this.#visit.visited;
    });
  }

  /** @throws {Fault} `busy`, `empty`, `lost`, `timeout` */
  say(words: string): Promise<string | null> {
    const command = words.trim();
    if (command === '')
      return Promise.reject(new Fault('empty', 'Nothing was typed.', 'Type a command of the device.'));
    return this.#options.alone(async () => {
      const visit = this.#visit;
      if (!visit) throw new Fault('lost', 'The talk with this device is over.', 'Ask it anew who it is.');
      if (!command.includes('?')) this.#note();
      return visit.say(command, new AbortController().signal);
    });
  }

  traffic(afterMs: number): readonly WireLine[] {
    const entries = this.#visit?.recording(-Infinity).entries ?? [];
    return entries
      .filter(({ atMs }) => atMs > afterMs)
      .map(wireLine)
      .slice(-MOST_LINES);
  }

  async end(): Promise<void> {
    const bench = this.#bench;
    this.#bench = null;
    this.#visit = null;
    await bench?.endVisit();
  }

  #note(): void {
    this.#options.view.notice({
      code: CODE,
      tone: 'warning',
      message: `The device ${this.#usb} was told something by hand and may be on.`,
      remedy: 'No safe state of it is known here: switch it off yourself.',
    });
  }
}
