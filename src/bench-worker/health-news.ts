/**
 * What a station's news means for its health: counts that grow, and entries for its log.
 *
 * Hears what the page hears, so no part of the station needs to know that it is counted. Knows nothing of servers.
 */
import type { Notice, StationNews, StationView } from '#engine/link/station-link.ts';
import { countedUp, type Counts } from '#fleet/health/installation.ts';
import type { EntryLevel, LogShelf } from '#fleet/health/log-shelf.ts';
import { type EndedRun, tallied } from '#fleet/health/tally.ts';
import type { RunEvent } from '#record/run-event.ts';
import type { RunHeader } from '#record/run-record.ts';

type RunEnded = Extract<RunEvent, { readonly kind: 'run-ended' }>;

const LEVELS: Readonly<Record<Notice['tone'], EntryLevel>> = { info: 'info', warning: 'warning', error: 'error' };

export class HealthNews {
  counts: Counts;
  readonly #shelf: LogShelf;
  readonly #nowMs: () => number;
  /** Words of what is said now, by code: what is said on is no news. */
  #said: ReadonlyMap<string, string> = new Map();
  /** Plugs that were ready when they were last told. */
  #ready: ReadonlySet<string> = new Set();
  #lastSeq = 0;
  /** Of the runs under way, by slot. */
  readonly #running = new Map<string, RunHeader>();
  /** Attempts of the releases that are being rolled out. */
  #attempts: ReadonlyMap<string, number> = new Map();

  constructor(counts: Counts, shelf: LogShelf, nowMs: () => number) {
    this.counts = counts;
    this.#shelf = shelf;
    this.#nowMs = nowMs;
  }

  /** The newest number of a run that was begun in this session; 0 before the first. */
  get lastSeq(): number {
    return this.#lastSeq;
  }

  hear(news: StationNews): void {
    if (news.kind === 'view') this.#hearView(news.change);
    if (news.kind !== 'run') return;
    for (const event of news.events) {
      if (event.kind === 'run-started') {
        this.#lastSeq = Math.max(this.#lastSeq, event.header.seq);
        this.#running.set(news.slot, event.header);
      }
      if (event.kind !== 'run-ended') continue;
      const { runs, tallies = [] } = this.counts;
      this.#count({ runs: { ...runs, [event.outcome]: runs[event.outcome] + 1 } });
      const header = this.#running.get(news.slot);
      if (header) this.#count({ tallies: tallied(tallies, this.#endedRun(header, event)) });
    }
  }

  #endedRun({ procedure, retest = 0 }: RunHeader, { outcome, at_ms: durationMs }: RunEnded): EndedRun {
    const { release } = procedure;
    return { release, attempt: this.#attempts.get(release) ?? 0, outcome, durationMs, isRetest: retest > 0 };
  }

  /** A start of the station. @param isCrash a run was found cut off */
  started(isCrash: boolean): void {
    const { starts, crashes } = this.counts;
    this.#count({ starts: starts + 1, crashes: crashes + (isCrash ? 1 : 0) });
  }

  /** Something that nobody caught. */
  fault(message: string): void {
    this.#fault('internal', message);
  }

  #hearView({ refusal, notices, plugs, releases }: Partial<StationView>): void {
    if (releases)
      this.#attempts = new Map(
        releases.procedures.flatMap(({ rollout }) => (rollout ? [[rollout.release, rollout.attempt] as const] : [])),
      );
    if (refusal) {
      this.#count({ refusals: countedUp(this.counts.refusals, refusal.code) });
      this.#shelf.add('warning', refusal.code, '', this.#nowMs());
    }
    if (notices) this.#hearNotices(notices);
    if (plugs) this.#hearPlugs(plugs);
  }

  #hearNotices(notices: readonly Notice[]): void {
    for (const { code, tone, message } of notices) {
      if (this.#said.get(code) === message) continue;
      if (tone === 'error') this.#fault(code, message);
      else this.#shelf.add(LEVELS[tone], code, message, this.#nowMs());
    }
    this.#said = new Map(notices.map(({ code, message }) => [code, message]));
  }

  #hearPlugs(plugs: StationView['plugs']): void {
    const name = ({ key, slot = '' }: StationView['plugs'][number]) => `${slot}/${key}`;
    const lost = plugs.filter((plug) => !['ready', 'rebooting'].includes(plug.state) && this.#ready.has(name(plug)));
    if (lost.length > 0) this.#count({ fixture_losses: this.counts.fixture_losses + lost.length });
    this.#ready = new Set(
      plugs
        .filter((plug) => plug.state === 'ready' || (plug.state === 'rebooting' && this.#ready.has(name(plug))))
        .map(name),
    );
  }

  #fault(code: string, message: string): void {
    this.#count({ faults: countedUp(this.counts.faults, code) });
    this.#shelf.add('error', code, message, this.#nowMs());
  }

  #count(change: Partial<Counts>): void {
    this.counts = { ...this.counts, ...change };
  }
}
