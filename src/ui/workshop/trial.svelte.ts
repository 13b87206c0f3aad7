/**
 * A workshop run on the screen: asked for, held before its steps, let go on, stopped; and what it has measured.
 *
 * Its news is shown by the same parts as a station's, over a port of its own: nothing of it reaches the station's state.
 * Knows nothing of editors and elements.
 */
import type { StationNews, Word } from '#engine/link/station-link.ts';
import type { WorkshopNews, WorkshopPace, WorkshopPlace, WorkshopWish } from '#engine/link/workshop-link.ts';
import { ONLY_SLOT } from '#procedure/slots.ts';
import type { LiveRun } from '#ui/live-run.svelte.ts';
import { wordOf } from '#ui/parts/loaded.svelte.ts';
import type { StationPort } from '#ui/station-port.ts';
import { StationState, unhurried, type Schedule } from '#ui/station-state.svelte.ts';

type Ask = Omit<WorkshopWish, 'pace'>;

export class Trial {
  /** Of this run alone. */
  readonly station: StationState;
  readonly #port: StationPort;
  readonly #tell: (news: StationNews) => void;
  #isUnderWay = $state(false);
  #isStopping = $state(false);
  #place = $state.raw<WorkshopPlace | null>(null);
  #problem = $state.raw<Word | null>(null);

  /** @param fileOf what its screens show */
  constructor(
    port: StationPort,
    fileOf: (path: string) => Promise<Uint8Array<ArrayBuffer> | null>,
    schedule: Schedule = unhurried(),
  ) {
    this.#port = port;
    let hear: (news: StationNews) => void = () => {};
    const own = { answer: port.call.workshopAnswer, screenFile: fileOf };
    const call = new Proxy(port.call, {
      get: (calls, name) => (name in own ? own[name as keyof typeof own] : Reflect.get(calls, name)),
    });
    this.station = new StationState({ ...port, call, on: (listener) => ((hear = listener), () => {}) }, schedule);
    this.#tell = (news) => hear(news);
    port.on((news) => {
      if (news.kind === 'workshop') this.#take(news.said);
    });
  }

  /** From the click until the bench is safe again. */
  get isUnderWay(): boolean {
    return this.#isUnderWay;
  }

  /** A stop was asked for: teardown and the safe state follow. */
  get isStopping(): boolean {
    return this.#isStopping;
  }

  /** Where the run is; null before its first step and when it is over. */
  get place(): WorkshopPlace | null {
    return this.#place;
  }

  get isHeld(): boolean {
    return this.#place?.isWaiting === true;
  }

  /** The last one. */
  get run(): LiveRun | null {
    return this.station.run;
  }

  /** Why it did not begin. */
  get problem(): Word | null {
    return this.#problem;
  }

  async start(ask: Ask, pace: WorkshopPace): Promise<void> {
    if (this.#isUnderWay) return;
    this.#isUnderWay = true;
    this.#isStopping = false;
    this.#problem = null;
    this.#place = null;
    this.station.clear();
    this.#show(true);
    try {
      await this.#port.call.workshopRun({ ...ask, pace });
    } catch (thrown) {
      this.#problem = wordOf(thrown);
    }
    this.station.flush();
    this.#show(false);
    this.#isUnderWay = this.#isStopping = false;
    this.#place = null;
  }

  go(pace: WorkshopPace): void {
    void this.#port.call.workshopGo(pace);
  }

  stop(): void {
    if (!this.#isUnderWay) return;
    this.#isStopping = true;
    void this.#port.call.workshopStop();
  }

  #take(said: WorkshopNews): void {
    if (said.kind === 'place') this.#place = said.place;
    else if (said.kind === 'events') this.#tell({ kind: 'run', slot: this.station.slots[0]!.key, events: said.events });
    else if (said.kind === 'plugs') this.#tell({ kind: 'view', change: { plugs: said.plugs } });
    else this.#tell({ kind: 'view', change: { prompts: said.prompts } });
  }

  #show(running: boolean): void {
    const slots = [{ key: ONLY_SLOT.key, name: ONLY_SLOT.name, running, serial: null }];
    this.#tell({ kind: 'view', change: { status: 'ready', running, slots, ...(running ? { prompts: [] } : {}) } });
    if (!running) this.station.flush();
  }
}
