/**
 * What the station told this page, as state that components can read.
 *
 * News is taken in its order, a frame's worth at a time: a burst of a thousand events is one change of the screen.
 * Above it: every screen. Below it: the port that the page's door hands in.
 */
import type { StationNews, StationView } from '#engine/link/station-link.ts';
import type { RunRecord } from '#record/run-record.ts';
import { LiveRun } from '#ui/live-run.svelte.ts';
import type { StationPort } from '#ui/station-port.ts';

/** Runs `flush` soon, once. */
export type Schedule = (flush: () => void) => void;

/** A hidden page gets no animation frames, and its verdict must be right all the same. */
const HIDDEN_FLUSH_MS = 100;

export const nextFrame: Schedule = (flush) => {
  const timer = setTimeout(once, HIDDEN_FLUSH_MS);
  const frame = requestAnimationFrame(once);
  function once() {
    clearTimeout(timer);
    cancelAnimationFrame(frame);
    flush();
  }
};

export const FIRST_VIEW: StationView = {
  status: 'starting',
  station: '',
  tryout: false,
  simulated: false,
  connection: 'offline',
  procedures: [],
  procedure: null,
  plugs: [],
  queue: { waiting: 0, parked: 0, uploadedToday: 0, hold: null },
  recent: [],
  today: { runs: 0, firstPassYield: 0 },
  refusal: null,
  notices: [],
  running: false,
  persisted: null,
  filesWait: null,
  people: {
    listed: [],
    signedIn: null,
    isRequired: false,
    barred: {},
    hasStationPin: false,
    signIn: { idleMin: 0, retestReason: false, retestBy: 'operator' },
  },
  asking: null,
  clock: null,
};

export class StationState {
  readonly port: StationPort;
  readonly #schedule: Schedule;
  readonly #monotonicMs: () => number;
  #inbox: StationNews[] = [];
  #view = $state.raw<StationView>(FIRST_VIEW);
  #run = $state.raw<LiveRun | null>(null);
  #restored: LiveRun | null = null;

  constructor(port: StationPort, schedule: Schedule = nextFrame, monotonicMs = () => performance.now()) {
    this.port = port;
    this.#schedule = schedule;
    this.#monotonicMs = monotonicMs;
    port.on((news) => {
      if (this.#inbox.push(news) === 1) this.#schedule(() => this.flush());
    });
  }

  get view(): StationView {
    return this.#view;
  }

  /** The run on the screen: under way, or over and shown until the next scan; null before the first. */
  get run(): LiveRun | null {
    return this.#run;
  }

  get running(): boolean {
    return this.#view.running;
  }

  /**
   * The run whose verdict stands; null while one is under way, so that an old verdict is never taken for a new one,
   * and null for a run that never ended.
   */
  get decided(): LiveRun | null {
    return this.#view.running || this.#run?.outcome === null ? null : this.#run;
  }

  /** A new unit is on the bench: what was said about the last one goes. @returns the run that was shown */
  clear(): LiveRun | null {
    this.flush();
    const shown = this.#run;
    this.#run = null;
    if (this.#view.refusal) this.#view = { ...this.#view, refusal: null };
    return shown;
  }

  /** It was no unit: what was shown is shown again. */
  putBack(shown: LiveRun | null): void {
    this.#run ??= shown;
  }

  /** Shows a run that was on the screen before the page was loaded anew, unless something newer is there. */
  restore(record: RunRecord): void {
    if (this.#run || this.#view.running) return;
    this.#run = LiveRun.of(record);
    this.#restored = this.#run;
  }

  /** The verdict was on the screen before this page was loaded: it is no news. */
  get isOldNews(): boolean {
    return this.#run !== null && this.#run === this.#restored;
  }

  /** Takes in what has arrived, now. */
  flush(): void {
    const inbox = this.#inbox;
    this.#inbox = [];
    let view = this.#view;
    for (const news of inbox) {
      if (news.kind === 'view') view = { ...view, ...news.change };
      else if (news.kind === 'run') this.#takeRun(news.events);
    }
    this.#view = view;
  }

  #takeRun(events: Extract<StationNews, { kind: 'run' }>['events']): void {
    const start = events.findLastIndex(({ kind }) => kind === 'run-started');
    const first = events[start];
    if (first?.kind === 'run-started') this.#run = new LiveRun(first.header, this.#monotonicMs());
    this.#run?.apply(start < 0 ? events : events.slice(start));
  }
}
