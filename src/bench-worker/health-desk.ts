/**
 * A station says how it is: a heartbeat a minute, and its log behind it. Nothing waits for either.
 *
 * Hears the station's news, so that no other part knows of it; what a server says of a second computer under this name is
 * shown, and stands against the next run. One loop: rest, keep, say once. Above: main.ts. Below: health-news.ts (what is
 * counted), health-reading.ts (what is said), health-post.ts (how), health-memory.ts (what stays).
 */
import type { Clock } from '#base/clock.ts';
import { messageOf } from '#base/fault.ts';
import { sha256 } from '#base/hash.ts';
import type { StationNews, Supply } from '#engine/link/station-link.ts';
import type { FleetSettings } from '#fleet/distribution/manifest.ts';
import { firstDelayMs, nextDelayMs, silenceMs } from '#fleet/health/beats.ts';
import type { Collision } from '#fleet/health/heartbeat.ts';
import {
  informed,
  type Installation,
  installationAs,
  NO_COUNTS,
  speakerOf,
  takenOver,
} from '#fleet/health/installation.ts';
import { thresholdsOf, type Thresholds } from '#fleet/health/thresholds.ts';
import type { LocalStore } from '#storage/store/open.ts';
import { COLLISION, collisionNotice, standstill } from './collision-words.ts';
import { keepInstallation, keepLog, remember, type Remembered } from './health-memory.ts';
import { HealthNews } from './health-news.ts';
import { postHeartbeat, postLog } from './health-post.ts';
import { takeReading } from './health-reading.ts';
import type { View } from './view.ts';

/** As procedures.ts keeps them. */
const SETTINGS = 'fleet-settings';
/** A commit takes the disk from a run's own; a unit is seldom under test for longer than this. */
const LONGEST_UNSAVED_MS = 5 * 60_000;
const INTERRUPTED = 'run-interrupted';

export interface HealthDeskOptions {
  readonly store: Promise<
    Pick<LocalStore, 'get' | 'set' | 'queue'> & { readonly outside: Pick<LocalStore['outside'], 'numbersFollow'> }
  >;
  readonly view: View;
  readonly clock: Clock;
  /** From 0 to 1. */
  readonly random: () => number;
  readonly newId: () => string;
  readonly fetch: typeof fetch;
  readonly browser: () => Promise<string>;
  readonly system: string;
  readonly estimate: () => Promise<StorageEstimate>;
  readonly isOnline: () => boolean;
  readonly signal: AbortSignal;
}

export class HealthDesk {
  readonly #options: HealthDeskOptions;
  readonly #session: { readonly session: string; readonly started_at: string };
  readonly #remembered: Promise<Remembered>;
  #installation: Installation | undefined;
  /** From the moment on in which the memory was read. */
  #news: HealthNews | undefined;
  /** News that came before. */
  #early: StationNews[] | null = [];
  #supply: Supply | null = null;
  #savedMs = -Infinity;
  /** Monotonic clock, ms: since then no server has told of another one; null while one does. */
  #aloneSinceMs: number | null = null;
  #runs = false;
  #wake: () => void = () => {};

  constructor(options: HealthDeskOptions) {
    this.#options = options;
    this.#session = { session: options.newId(), started_at: this.#now() };
    this.#remembered = options.store.then((store) => remember(store, options.newId));
    this.#remembered.then(
      (remembered) => this.#begin(remembered),
      // Without a store there is no station.
      () => (this.#early = null),
    );
  }

  hear(news: StationNews): void {
    if (this.#news) this.#news.hear(news);
    else this.#early?.push(news);
    if (news.kind === 'view' && news.change.status === 'ready' && !this.#runs) {
      this.#runs = true;
      void this.#run();
    }
  }

  supply(supply: Supply): void {
    this.#supply = supply;
  }

  /** Something that nobody caught. */
  fault(thrown: unknown): void {
    this.#news?.fault(messageOf(thrown));
  }

  /** The name is this one's from now on; the next heartbeat says so, at once. */
  async takeOver(): Promise<void> {
    const { store, view } = this.#options;
    const { collision } = this.#installation ?? {};
    if (!this.#installation || !collision) return;
    this.#installation = takenOver(this.#installation);
    const kept = await store;
    // Before a run can begin here: no number is used twice under one name.
    await kept.outside.numbersFollow(collision.other.last_seq);
    await keepInstallation(kept, this.#installation);
    view.change({ standstill: null });
    view.dismiss(COLLISION);
    this.#wake();
  }

  #begin({ installation, shelf }: Remembered): void {
    this.#installation = installation;
    this.#news = new HealthNews(installation?.counts ?? NO_COUNTS, shelf, () => this.#options.clock.nowMs());
    for (const news of this.#early ?? []) this.#news.hear(news);
    this.#early = null;
    // What was known stays true until a server says otherwise: a reload is no way around it.
    if (installation?.collision) this.#showCollision(installation, installation.collision);
  }

  async #run(): Promise<void> {
    const { signal, random } = this.#options;
    await this.#remembered.catch(() => undefined);
    const news = this.#news;
    if (!news) return;
    news.started(this.#options.view.current.notices.some(({ code }) => code === INTERRUPTED));
    let delayMs = firstDelayMs((await this.#thresholds()).heartbeatMs, random());
    while (!signal.aborted) {
      await this.#rest(delayMs);
      if (signal.aborted) return;
      delayMs = await this.#once(news).catch((thrown: unknown) => {
        console.warn('a heartbeat was not sent:', messageOf(thrown));
        return nextDelayMs(thresholdsOf().heartbeatMs, random());
      });
    }
  }

  /** @returns how long to rest, ms */
  async #once(news: HealthNews): Promise<number> {
    const { random, clock, isOnline } = this.#options;
    const { heartbeatMs, silentMs } = await this.#thresholds();
    const installation = await this.#keep(news);
    const restMs = nextDelayMs(heartbeatMs, random());
    if (!isOnline()) return restMs;
    const { store, view, signal, fetch: send, browser, system, estimate } = this.#options;
    const beat = await takeReading({
      view: view.current,
      store: await store,
      speaker: speakerOf(installation, { ...this.#session, sent_at: this.#now() }),
      // As they are on disk: whoever reads them takes a smaller number for a new beginning.
      counts: installation.counts,
      lastSeq: news.lastSeq,
      browser: await browser(),
      system,
      configuration: await this.#configuration(),
      supply: this.#supply,
      estimate,
    });
    const posted = await postHeartbeat({ fetch: send, signal }, beat);
    if (!posted) return restMs;
    // A name that was taken over meanwhile is another question.
    if (posted.answer && this.#installation?.term === beat.term)
      await this.#heed(posted.answer.collision ?? null, silentMs);
    if (posted.answer) await this.#ship(beat);
    return silenceMs(posted, heartbeatMs, clock.nowMs()) || restMs;
  }

  /** Under the present name and with the present counts; on disk, unless a run needs the disk. */
  async #keep(news: HealthNews): Promise<Installation> {
    const { store, view, clock } = this.#options;
    const { storeId, shelf } = await this.#remembered;
    const installation = installationAs(this.#installation, view.current.station, storeId, this.#now());
    const isNew = installation !== this.#installation;
    if (!isNew && view.current.running && clock.monotonicMs() - this.#savedMs < LONGEST_UNSAVED_MS) return installation;
    // Before the first wait: a name that is taken over meanwhile stays so.
    this.#installation = { ...installation, counts: news.counts };
    await keepInstallation(await store, this.#installation);
    await keepLog(await store, shelf);
    this.#savedMs = clock.monotonicMs();
    return this.#installation;
  }

  /** @param settleMs a name is one's own again after as long without a word of another one: a server that starts anew knows of none */
  async #heed(collision: Collision | null, settleMs: number): Promise<void> {
    const { store, view, clock, newId } = this.#options;
    const before = this.#installation;
    if (!before) return;
    if (collision) {
      this.#aloneSinceMs = null;
      this.#installation = informed(before, collision, { id: newId(), at: this.#now() });
      if (JSON.stringify(before.collision) !== JSON.stringify(collision))
        await keepInstallation(await store, this.#installation);
      this.#showCollision(this.#installation, collision);
      return;
    }
    if (!before.collision) return;
    this.#aloneSinceMs ??= clock.monotonicMs();
    if (clock.monotonicMs() - this.#aloneSinceMs < settleMs) return;
    this.#aloneSinceMs = null;
    this.#installation = { ...before, collision: null };
    await keepInstallation(await store, this.#installation);
    view.change({ standstill: null });
    view.dismiss(COLLISION);
  }

  #showCollision({ station, term }: Installation, collision: Collision): void {
    const { view } = this.#options;
    const word = standstill(collision, station, term);
    if (JSON.stringify(view.current.standstill ?? null) !== JSON.stringify(word)) view.change({ standstill: word });
    const notice = collisionNotice(collision, station, term);
    const said = view.current.notices.find(({ code }) => code === COLLISION);
    if (said?.message !== notice.message) view.notice(notice);
  }

  /** One batch behind each heartbeat that was taken: a minute's worth, and a backlog within minutes. */
  async #ship(beat: Parameters<typeof postLog>[1]): Promise<void> {
    const { fetch: send, signal } = this.#options;
    const { shelf } = await this.#remembered;
    const [batch, dropped] = [shelf.batch(), shelf.dropped];
    if (batch.length === 0) return;
    if (await postLog({ fetch: send, signal }, beat, batch, dropped)) shelf.sent(batch, dropped);
  }

  async #settings(): Promise<FleetSettings | undefined> {
    return (await this.#options.store).get<FleetSettings>(SETTINGS);
  }

  async #thresholds(): Promise<Thresholds> {
    return thresholdsOf((await this.#settings())?.health);
  }

  async #configuration(): Promise<string> {
    const settings = await this.#settings();
    return settings === undefined ? '' : sha256(new TextEncoder().encode(JSON.stringify(settings)));
  }

  async #rest(delayMs: number): Promise<void> {
    const { clock, signal } = this.#options;
    const woken = new AbortController();
    this.#wake = () => woken.abort();
    await clock.sleep(delayMs, AbortSignal.any([signal, woken.signal])).catch(() => undefined);
    this.#wake = () => {};
  }

  #now(): string {
    return new Date(this.#options.clock.nowMs()).toISOString();
  }
}
