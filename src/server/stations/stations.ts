/**
 * What this server has heard of each station, in memory: the last heartbeat, and who speaks under one name.
 *
 * Nothing is kept over a restart, and no second server needs it: a station says everything again within a minute.
 * Bounded, because anyone on the plant's network can post here. Above it: telemetry.ts, station-metrics.ts,
 * stations-route.ts. Knows nothing of HTTP.
 */
import { type AttentionCode, attentionOf } from '#fleet/health/attention.ts';
import { colliding, hasRight, rivalsOf, type Voice } from '#fleet/health/collision.ts';
import type { Collision, Heartbeat } from '#fleet/health/heartbeat.ts';
import type { Thresholds } from '#fleet/health/thresholds.ts';

/** Five times the largest fleet that this server is made for; a few kilobytes each. */
const MOST_STATIONS = 5000;
/** Two that share a name are the usual mistake; more than this is somebody who plays. */
const MOST_VOICES = 8;
/** A station that was taken away is on nobody's list after a week; a holiday is shorter. */
const FORGET_MS = 7 * 86_400_000;

export interface StationsOptions {
  readonly nowMs: () => number;
  readonly monotonicMs: () => number;
  /** A name that everybody may have: the try-out's. */
  readonly shared?: string | undefined;
  /** How many stations it keeps; tests have fewer. */
  readonly most?: number;
}

/** Who else speaks under one name. */
export interface Company {
  readonly collision: Collision | null;
  /** Nobody else was heard, for as long as it takes to know that. */
  readonly isAlone: boolean;
}

interface Sounding extends Voice {
  readonly beat: Heartbeat;
  /** Wall clock, ms. */
  readonly heardAtMs: number;
}

export interface HeardStation {
  readonly beat: Heartbeat;
  /** Wall clock, ms. */
  readonly heardAtMs: number;
  readonly silentForMs: number;
  readonly attention: readonly AttentionCode[];
}

export class Stations {
  readonly #options: StationsOptions;
  readonly #byName = new Map<string, Map<string, Sounding>>();
  readonly startedAtMs: number;
  readonly #sinceMs: number;
  readonly #most: number;

  constructor(options: StationsOptions) {
    this.#options = options;
    this.startedAtMs = options.nowMs();
    this.#sinceMs = options.monotonicMs();
    this.#most = options.most ?? MOST_STATIONS;
  }

  /** @returns who else speaks under its name. `full`: this server has no room for another name */
  hear(beat: Heartbeat, limits: Thresholds): Company | 'full' {
    const { nowMs, monotonicMs, shared } = this.#options;
    const lastMs = monotonicMs();
    const voices = this.#voicesOf(beat.station, limits);
    if (!voices) return 'full';
    for (const [session, voice] of voices) if (lastMs - voice.lastMs > limits.silentMs) voices.delete(session);
    // A session has one installation: one that was told that it is a copy goes on under a new one.
    const firstMs = voices.get(beat.session)?.firstMs ?? lastMs;
    const own = [...voices.values()].filter(({ beat: { installation } }) => installation === beat.installation);
    const presentMs = Math.min(firstMs, ...own.map((voice) => voice.presentMs));
    voices.delete(beat.session);
    for (const session of voices.keys()) if (voices.size >= MOST_VOICES) voices.delete(session);
    const voice = { speaker: beat, beat, firstMs, lastMs, presentMs, heardAtMs: nowMs() };
    voices.set(beat.session, voice);
    if (beat.station === shared) return { collision: null, isAlone: true };
    const all = [...voices.values()];
    const rivals = rivalsOf(voice, all);
    const isHeardAlone = rivals.length === 0 && all.every((one) => one.beat.installation === beat.installation);
    const hasListened = lastMs - this.#sinceMs >= limits.silentMs;
    return { collision: collisionOf(voice, rivals), isAlone: isHeardAlone && hasListened };
  }

  /** By name. */
  list(limits: Thresholds): HeardStation[] {
    this.#forget();
    const nowMs = this.#options.monotonicMs();
    return [...this.#byName.keys()].toSorted(byName).map((name) => {
      const voices = [...this.#byName.get(name)!.values()].filter(
        (voice, at, all) => at === all.length - 1 || nowMs - voice.lastMs <= limits.silentMs,
      );
      const among = name === this.#options.shared ? [] : colliding(voices);
      const owner = among[0]?.beat.installation;
      // The last word of the one that has the name: no count runs to and fro between two.
      const shown = voices.findLast((voice) => owner === undefined || voice.beat.installation === owner)!;
      const { beat, heardAtMs, lastMs } = shown;
      const silentForMs = nowMs - lastMs;
      const attention = attentionOf({ beat, silentForMs, isColliding: among.length > 0 }, limits);
      return { beat, heardAtMs, silentForMs, attention };
    });
  }

  /** In the order in which they were heard last. @returns undefined when there is no room */
  #voicesOf(name: string, limits: Thresholds): Map<string, Sounding> | undefined {
    const known = this.#byName.get(name);
    if (known) return known;
    if (this.#byName.size >= this.#most) this.#forget();
    if (this.#byName.size >= this.#most && !this.#dropSilent(limits)) return undefined;
    const voices = new Map<string, Sounding>();
    this.#byName.set(name, voices);
    return voices;
  }

  #forget(): void {
    const nowMs = this.#options.monotonicMs();
    for (const [name, voices] of this.#byName) if (nowMs - lastOf(voices) > FORGET_MS) this.#byName.delete(name);
  }

  /** Room for a new name: the one that was not heard for longest goes, but never one that speaks. */
  #dropSilent({ silentMs }: Thresholds): boolean {
    let oldest: readonly [name: string, lastMs: number] = ['', Infinity];
    for (const [name, voices] of this.#byName) if (lastOf(voices) < oldest[1]) oldest = [name, lastOf(voices)];
    if (this.#options.monotonicMs() - oldest[1] <= silentMs) return false;
    return this.#byName.delete(oldest[0]);
  }
}

function lastOf(voices: ReadonlyMap<string, Sounding>): number {
  return [...voices.values()].at(-1)?.lastMs ?? -Infinity;
}

function collisionOf(voice: Sounding, rivals: readonly Sounding[]): Collision | null {
  const [other] = rivals;
  if (!other) return null;
  const { installation, term, app_version, browser, system } = other.beat;
  return {
    role: hasRight(voice, other) ? 'first' : 'later',
    other: {
      installation,
      term,
      app_version,
      browser,
      system,
      heard_at: new Date(other.heardAtMs).toISOString(),
      last_seq: Math.max(...rivals.map(({ beat }) => beat.last_seq)),
      stopped: rivals.every(({ beat }) => beat.stopped),
    },
  };
}

/** Numbers as numbers: 2 before 10. */
const order = new Intl.Collator('en', { numeric: true });
const byName = (one: string, other: string) => order.compare(one, other);
