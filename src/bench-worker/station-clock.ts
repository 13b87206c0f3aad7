/**
 * What is known of this machine's clock: how far it is from the server's, how fast it drifts, and what a run has to say
 * about its start because of that.
 *
 * Times are never changed: a run keeps its station's own time, with the offset and a word beside it. The last offset is
 * kept on disk, because a station that starts without a network drifts slowly. Knows nothing of requests.
 */
import type { Clock } from '#base/clock.ts';
import type { ClockView, Notice, Word } from '#engine/link/station-link.ts';
import { BUILT_IN } from '#fleet/config/built-in.ts';
import type { FleetSettings } from '#fleet/distribution/manifest.ts';
import type { Store } from '#storage/store/store.ts';
import type { OffsetSample } from '#sync/tofupilot/clock-offset.ts';
import type { View } from './view.ts';

/** The first Chrome with Web Serial is of March 2021: an earlier time is that of a machine whose battery is empty. */
const EARLIEST_MS = Date.parse('2021-01-01T00:00:00Z');
/** No quartz drifts by more: beyond it a clock was set. */
const WORST_DRIFT = 500e-6;
/** A clock that is only being steered keeps within 500 ppm: half a second in a run of a quarter of an hour. */
const JUMP_MS = 1_000;
const DAY_MS = 86_400_000;
const KEY = 'clock-offset';
const CODE = 'clock-off';

export interface StationClockOptions {
  readonly store: Pick<Store, 'get' | 'set'>;
  readonly view: Pick<View, 'change' | 'notice' | 'dismiss'>;
  readonly clock: Clock;
  /** In force now. */
  readonly settings: () => Pick<FleetSettings, 'clock'>;
}

interface Sample extends OffsetSample {
  readonly monotonicMs: number;
}

export class StationClock {
  readonly #options: StationClockOptions;
  #offsetMs = 0;
  /** The first since the clock was last set, for the drift. */
  #first: Sample | null = null;

  constructor(options: StationClockOptions) {
    this.#options = options;
  }

  /** What was known when this station was last connected. */
  async load(): Promise<void> {
    this.#offsetMs = (await this.#options.store.get<number>(KEY)) ?? 0;
    this.#tell();
  }

  /** Server's clock minus this machine's, ms; 0 before it was ever known. */
  get offsetMs(): number {
    return this.#offsetMs;
  }

  /** An answer told the server's time. */
  heard({ offsetMs, errorMs }: OffsetSample): void {
    const sample = { offsetMs, errorMs, monotonicMs: this.#options.clock.monotonicMs() };
    const isSet = this.#first !== null && Math.abs(offsetMs - this.#first.offsetMs) > this.#mayDriftMs(sample);
    if (!this.#first || isSet) this.#first = sample;
    this.#offsetMs = offsetMs;
    this.#options.store.set(KEY, offsetMs).catch((thrown: unknown) => console.error('the clock was not kept', thrown));
    this.#tell(sample);
  }

  /** A time that cannot be: the run would be filed decades ago. */
  obstacle(): Word | null {
    const nowMs = this.#options.clock.nowMs();
    if (nowMs >= EARLIEST_MS) return null;
    return {
      code: 'clock-wrong',
      message: `The clock of this computer says ${new Date(nowMs).toISOString().slice(0, 10)}.`,
      remedy:
        'Set its date and time, and scan again. If it forgets them when it is switched off, its battery is empty.',
    };
  }

  /** For a run that begins now: why its start is not what other clocks say; undefined while it is near them. */
  note(): string | undefined {
    if (Math.abs(this.#offsetMs) < this.#farOffMs) return undefined;
    return `The station’s clock was ${apart(this.#offsetMs)} the server’s when this run began; its times are the station’s own.`;
  }

  /** A run begins. @returns asked at its end: words for a clock that was set meanwhile, or a machine that slept */
  watch(): () => string | undefined {
    const { clock } = this.#options;
    const apartMs = () => clock.nowMs() - clock.monotonicMs();
    const beganMs = apartMs();
    return () => {
      const jumpMs = apartMs() - beganMs;
      if (Math.abs(jumpMs) < JUMP_MS) return undefined;
      const seconds = `${(Math.abs(jumpMs) / 1000).toFixed(1)} s`;
      return jumpMs < 0
        ? `This computer’s clock was set back by ${seconds} during the run; durations are not touched by it.`
        : `This computer slept for ${seconds} during the run, or its clock was set forward; durations are without it.`;
    };
  }

  /** What counts as far off may be another thing now. */
  show(): void {
    if (Math.abs(this.#offsetMs) < this.#farOffMs) this.#options.view.dismiss(CODE);
    else this.#options.view.notice(noticeOf(this.#offsetMs));
  }

  get #farOffMs(): number {
    return 1000 * (this.#options.settings().clock?.warn_offset_s ?? BUILT_IN.clock.warn_offset_s);
  }

  #tell(sample?: Sample): void {
    const { view } = this.#options;
    const clock: ClockView = { offsetMs: this.#offsetMs, driftMsPerDay: sample ? this.#drift(sample) : null };
    view.change({ clock });
    this.show();
  }

  /** null while it is within what two samples err. */
  #drift(sample: Sample): number | null {
    const first = this.#first;
    if (!first) return null;
    const changeMs = sample.offsetMs - first.offsetMs;
    if (Math.abs(changeMs) <= first.errorMs + sample.errorMs) return null;
    return (changeMs / (sample.monotonicMs - first.monotonicMs)) * DAY_MS;
  }

  #mayDriftMs(sample: Sample): number {
    const first = this.#first!;
    return first.errorMs + sample.errorMs + (sample.monotonicMs - first.monotonicMs) * WORST_DRIFT;
  }
}

function noticeOf(offsetMs: number): Notice {
  return {
    code: CODE,
    tone: 'warning',
    message: `The clock of this computer is ${apart(offsetMs)} the server’s.`,
    remedy: 'Switch on automatic time on this computer. Runs keep its time until then, and say that it is off.',
  };
}

/** `3 h 12 min behind`, `2 min ahead of`. */
function apart(offsetMs: number): string {
  const minutes = Math.round(Math.abs(offsetMs) / 60_000);
  const [days, hours] = [Math.floor(minutes / 1440), Math.floor(minutes / 60) % 24];
  const words = days > 0 ? `${days} d ${hours} h` : hours > 0 ? `${hours} h ${minutes % 60} min` : `${minutes} min`;
  return `${words} ${offsetMs > 0 ? 'behind' : 'ahead of'}`;
}
