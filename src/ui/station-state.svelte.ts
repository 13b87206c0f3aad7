/**
 * What the station told this page, as state that components can read.
 *
 * News is taken in its order, a picture's worth at a time: a burst of a thousand events is one change of the screen.
 * Above it: every screen. Below it: the port that the page's door hands in.
 */
import type { SlotView, StationNews, StationView } from '#engine/link/station-link.ts';
import type { RunRecord } from '#record/run-record.ts';
import type { LiveRun } from '#ui/live-run.svelte.ts';
import { SlotState } from '#ui/slot-state.svelte.ts';
import type { StationPort } from '#ui/station-port.ts';

/** Runs `flush` soon, once. */
export type Schedule = (flush: () => void) => void;

/** A hidden page gets no animation frames, and its verdict must be right all the same. */
const HIDDEN_FLUSH_MS = 100;
/** Thirty pictures a second: nobody reads faster, and each one takes time from the run that it shows. */
const APART_MS = 32;

/** With the next frame, and thirty times a second at most; what comes after a rest waits for nothing. */
export function unhurried(): Schedule {
  let lastMs = -Infinity;
  return (flush) => {
    const restMs = lastMs + APART_MS - performance.now();
    const draw = () =>
      nextFrame(() => {
        lastMs = performance.now();
        flush();
      });
    if (restMs > 0) setTimeout(draw, restMs);
    else draw();
  };
}

function nextFrame(flush: () => void): void {
  const timer = setTimeout(once, HIDDEN_FLUSH_MS);
  const frame = requestAnimationFrame(once);
  function once() {
    clearTimeout(timer);
    cancelAnimationFrame(frame);
    flush();
  }
}

export const FIRST_VIEW: StationView = {
  status: 'starting',
  station: '',
  tryout: false,
  simulated: false,
  connection: 'offline',
  procedures: [],
  procedure: null,
  plugs: [],
  scanners: [],
  queue: { waiting: 0, parked: 0, uploadedToday: 0, hold: null },
  recent: [],
  today: { runs: 0, firstPassYield: 0 },
  refusal: null,
  notices: [],
  running: false,
  slots: [{ key: '1', name: '', running: false, serial: null }],
  nextSlot: '1',
  prompts: [],
  persisted: null,
  filesWait: null,
  folder: null,
  people: {
    listed: [],
    signedIn: null,
    isRequired: false,
    barred: {},
    hasStationPin: false,
    signIn: { idleMin: 0, retestReason: false, retestBy: 'operator', failSeenBy: 'nobody' },
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
  #slots = $state.raw<readonly SlotState[]>(FIRST_VIEW.slots.map((slot) => new SlotState(slot)));
  /** Runs whose slot is not known yet. */
  #toRestore: RunRecord[] = [];
  /** Where a run began last. */
  #latest = $state.raw<SlotState | null>(null);

  constructor(port: StationPort, schedule: Schedule = unhurried(), monotonicMs = () => performance.now()) {
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

  /** At least one. */
  get slots(): readonly SlotState[] {
    return this.#slots;
  }

  /** Units stand side by side. */
  get hasSlots(): boolean {
    return this.#slots.length > 1;
  }

  /** Whether any slot is. */
  get running(): boolean {
    return this.#view.running;
  }

  /** Whether a unit is in any slot, under test or waiting. */
  get isTaken(): boolean {
    return this.running || this.#slots.some(({ waiting }) => waiting !== null);
  }

  /** What all slots share may be on, since one of them is testing; empty when nothing is. */
  get sharedPower(): string {
    const power = this.#view.procedure?.sharedPower ?? [];
    return this.running && power.length > 0 ? `${power.join(', ')} may be on` : '';
  }

  /** The run that began last, and `decided` its verdict. */
  get run(): LiveRun | null {
    return this.#last.run;
  }

  get decided(): LiveRun | null {
    return this.#last.decided;
  }

  get isOldNews(): boolean {
    return this.#last.isOldNews;
  }

  get #last(): SlotState {
    return this.#latest ?? this.#slots[0]!;
  }

  /**
   * A new unit is scanned: what was said about the last scan goes; where there is one slot, the last verdict too.
   * @returns the run that was shown and is no more
   */
  clear(): LiveRun | null {
    this.flush();
    const shown = this.hasSlots ? null : this.#last.run;
    if (!this.hasSlots) this.#last.clear();
    if (this.#view.refusal) this.#view = { ...this.#view, refusal: null };
    return shown;
  }

  /** It was no unit: what was shown is shown again. */
  putBack(shown: LiveRun | null): void {
    if (shown) this.#last.putBack(shown);
  }

  /** Shows a run that was on the screen before the page was loaded anew, unless something newer is there. */
  restore(record: RunRecord): void {
    this.#toRestore.push(record);
    this.#restore();
  }

  /** Takes in what has arrived, now. */
  flush(): void {
    const inbox = this.#inbox;
    this.#inbox = [];
    let view = this.#view;
    for (const news of inbox) {
      if (news.kind === 'view') {
        view = { ...view, ...news.change };
        this.#show(view);
      } else if (news.kind === 'run') this.#takeRun(news);
    }
    this.#view = view;
  }

  #show({ slots, running }: StationView): void {
    if (!isSame(slots, this.#slots)) {
      this.#slots = slots.map((slot) => new SlotState(slot));
      this.#latest = null;
      this.#restore();
    }
    for (const [index, slot] of this.#slots.entries())
      slot.show(slots[index]!, this.hasSlots ? slots[index]!.running : running);
  }

  #restore(): void {
    this.#toRestore = this.#toRestore.filter((record) => {
      const slot = this.#slots.find(({ key }) => key === record.slot);
      slot?.restore(record);
      return !slot;
    });
  }

  #takeRun({ slot: key, events }: Extract<StationNews, { kind: 'run' }>): void {
    const slot = this.#slots.find((one) => one.key === key);
    if (!slot) return;
    slot.takeRun(events, this.#monotonicMs());
    if (events.some(({ kind }) => kind === 'run-started')) this.#latest = slot;
  }
}

function isSame(shown: readonly SlotView[], slots: readonly SlotState[]): boolean {
  return (
    shown.length === slots.length &&
    slots.every(({ key, name }, at) => key === shown[at]!.key && name === shown[at]!.name)
  );
}
