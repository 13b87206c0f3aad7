/**
 * A station says how it is: a heartbeat a minute, and its log behind it. Nothing waits for either.
 *
 * Hears the station's news, so that no other part knows of it. One loop: rest, keep, say once. Above: main.ts. Below:
 * health-news.ts (what is counted), health-reading.ts (what is said), health-post.ts (how), health-memory.ts (what stays),
 * name-claim.ts (what is made of a second computer under this name).
 */
import type { Clock } from '#base/clock.ts';
import { messageOf } from '#base/fault.ts';
import type { StationNews, Supply } from '#engine/link/station-link.ts';
import type { FleetSettings } from '#fleet/distribution/manifest.ts';
import { firstDelayMs, nextDelayMs, silenceMs } from '#fleet/health/beats.ts';
import type { Heartbeat, HeartbeatAnswer, Speaker } from '#fleet/health/heartbeat.ts';
import { type Installation, installationAs, NO_COUNTS, speakerOf } from '#fleet/health/installation.ts';
import { thresholdsOf, type Thresholds } from '#fleet/health/thresholds.ts';
import type { LocalStore } from '#storage/store/open.ts';
import { CONFIGURATION, type KeptConfiguration } from './configuration-book.ts';
import { keepInstallation, keepLog, remember, type Remembered } from './health-memory.ts';
import { HealthNews } from './health-news.ts';
import { postHeartbeat, postLog } from './health-post.ts';
import { takeReading } from './health-reading.ts';
import { type ClaimStore, NameClaim } from './name-claim.ts';
import type { View } from './view.ts';

/** As configuration.ts keeps them. */
const SETTINGS = 'fleet-settings';
/** A commit takes the disk from a run's own; a unit is seldom under test for longer than this. */
const LONGEST_UNSAVED_MS = 5 * 60_000;
/** While two settle whose name it is, a person waits. */
const SOON_MS = 5_000;
const UNANSWERED = 3;
const INTERRUPTED = 'run-interrupted';

export interface HealthDeskOptions {
  readonly store: Promise<ClaimStore & Pick<LocalStore, 'queue'>>;
  readonly view: View;
  readonly clock: Clock;
  /** From 0 to 1. */
  readonly random: () => number;
  readonly newId: () => string;
  readonly fetch: typeof fetch;
  readonly token: () => Promise<string | undefined>;
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
  readonly #claim: NameClaim;
  /** From the moment on in which the memory was read. */
  #news: HealthNews | undefined;
  /** News that came before. */
  #early: StationNews[] | null = [];
  #supply: Supply | null = null;
  #savedMs = -Infinity;
  /** Heartbeats without an answer, one after the other. */
  #unanswered = 0;
  #runs = false;
  #wake: () => void = () => {};

  constructor(options: HealthDeskOptions) {
    this.#options = options;
    this.#session = { session: options.newId(), started_at: this.#now() };
    this.#claim = new NameClaim({ ...options, now: () => this.#now() });
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
    if (news.kind !== 'view') return;
    if (news.change.station) void this.#named(news.change.station);
    if (news.change.status === 'ready' && !this.#runs) {
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

  /** The name is to be this one's; the next heartbeat says so, at once. */
  async takeOver(): Promise<void> {
    if (await this.#claim.takeOver()) this.#wake();
  }

  #begin({ installation, shelf }: Remembered): void {
    this.#news = new HealthNews(installation?.counts ?? NO_COUNTS, shelf, () => this.#options.clock.nowMs());
    for (const news of this.#early ?? []) this.#news.hear(news);
    this.#early = null;
    this.#claim.load(installation);
  }

  /** Another name is at once without whatever stood against the old one. */
  async #named(station: string): Promise<void> {
    const remembered = await this.#remembered.catch(() => null);
    if (!remembered || this.#claim.installation?.station === station) return;
    this.#claim.load(installationAs(this.#claim.installation, station, remembered.storeId, this.#now()));
    this.#savedMs = -Infinity;
    this.#wake();
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
    const { heartbeatMs } = await this.#thresholds();
    const installation = await this.#keep(news);
    const posted = isOnline() ? await postHeartbeat(this.#options, await this.#read(news, installation)) : null;
    const restMs = nextDelayMs(heartbeatMs, random());
    const { station, term } = this.#claim.installation ?? installation;
    // A name that was taken over or changed meanwhile is another question.
    if (station !== installation.station || term !== installation.term) return Math.min(SOON_MS, restMs);
    const isSoon = await this.#heed(posted?.answer ?? null);
    if (posted?.answer) await this.#ship(installation);
    const silence = posted ? silenceMs(posted, heartbeatMs, clock.nowMs()) : 0;
    return silence || (isSoon ? Math.min(SOON_MS, restMs) : restMs);
  }

  /** One request that was lost is not yet a server that is not there. */
  async #heed(answer: HeartbeatAnswer | null): Promise<boolean> {
    this.#unanswered = answer ? 0 : this.#unanswered + 1;
    if (answer || this.#unanswered >= UNANSWERED) return this.#claim.heed(answer);
    return this.#claim.installation?.isTaking === true;
  }

  async #read(news: HealthNews, installation: Installation): Promise<Heartbeat> {
    const { store, view, browser, system, estimate } = this.#options;
    return takeReading({
      view: view.current,
      store: await store,
      speaker: this.#speaker(installation),
      // As they are on disk: whoever reads them takes a smaller number for a new beginning.
      counts: installation.counts,
      lastSeq: news.lastSeq,
      browser: await browser(),
      system,
      configuration: await this.#configuration(),
      supply: this.#supply,
      estimate,
    });
  }

  /** Under the present name and with the present counts; on disk, unless a run needs the disk. */
  async #keep(news: HealthNews): Promise<Installation> {
    const { store, view, clock } = this.#options;
    const { storeId, shelf } = await this.#remembered;
    const installation = installationAs(this.#claim.installation, view.current.station, storeId, this.#now());
    const isNew = installation !== this.#claim.installation;
    if (!isNew && view.current.running && clock.monotonicMs() - this.#savedMs < LONGEST_UNSAVED_MS) return installation;
    // Before the first wait: a name that is taken over meanwhile stays so.
    const kept = { ...installation, counts: news.counts };
    this.#claim.load(kept);
    await keepInstallation(await store, kept);
    await keepLog(await store, shelf);
    this.#savedMs = clock.monotonicMs();
    return kept;
  }

  /** One batch behind each heartbeat that was taken: a minute's worth, and a backlog within minutes. */
  async #ship(installation: Installation): Promise<void> {
    const { shelf } = await this.#remembered;
    const [batch, dropped] = [shelf.batch(), shelf.dropped];
    if (batch.length === 0) return;
    if (await postLog(this.#options, this.#speaker(installation), batch, dropped)) shelf.sent(batch, dropped);
  }

  async #settings(): Promise<FleetSettings | undefined> {
    return (await this.#options.store).get<FleetSettings>(SETTINGS);
  }

  async #thresholds(): Promise<Thresholds> {
    return thresholdsOf((await this.#settings())?.health);
  }

  async #configuration(): Promise<string> {
    const kept = await (await this.#options.store).get<KeptConfiguration>(CONFIGURATION);
    return kept?.inForce?.hash ?? '';
  }

  async #rest(delayMs: number): Promise<void> {
    const { clock, signal } = this.#options;
    const woken = new AbortController();
    this.#wake = () => woken.abort();
    await clock.sleep(delayMs, AbortSignal.any([signal, woken.signal])).catch(() => undefined);
    this.#wake = () => {};
  }

  #speaker(installation: Installation): Speaker {
    return speakerOf(installation, { ...this.#session, sent_at: this.#now() });
  }

  #now(): string {
    return new Date(this.#options.clock.nowMs()).toISOString();
  }
}
