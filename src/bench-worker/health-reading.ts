/**
 * A heartbeat out of what the station shows and what its browser says: reads, and changes nothing.
 *
 * Above: health-desk.ts. Knows nothing of when it is sent.
 */
import type { StationView, Supply } from '#engine/link/station-link.ts';
import {
  type FixtureReading,
  HEARTBEAT_FORMAT,
  type Heartbeat,
  MOST_FIXTURES,
  MOST_HALTS,
  type SaidHalt,
  type Speaker,
} from '#fleet/health/heartbeat.ts';
import type { Counts } from '#fleet/health/installation.ts';
import type { RunRow } from '#record/run-row.ts';
import type { Store } from '#storage/store/store.ts';

/** Of more parked runs than this the oldest tell enough of their age. */
const MOST_PARKED = 500;
/** What the longest text of a heartbeat may be (fleet/health/read-heartbeat.ts). */
const LONGEST_TEXT = 120;

export interface ReadingParts {
  readonly view: StationView;
  readonly store: Pick<Store, 'queue'>;
  readonly speaker: Speaker;
  readonly counts: Counts;
  readonly lastSeq: number;
  readonly browser: string;
  readonly system: string;
  /** Hash of the fleet's settings; empty before there were any. */
  readonly configuration: string;
  readonly supply: Supply | null;
  readonly estimate: () => Promise<{ readonly quota?: number; readonly usage?: number }>;
}

export async function takeReading(parts: ReadingParts): Promise<Heartbeat> {
  const { view, store, speaker, counts, lastSeq, browser, system, configuration, supply, estimate } = parts;
  const own = view.recent.filter(({ carried_from: from }) => from === undefined);
  const last = own.find(({ outcome }) => outcome !== null);
  return {
    format: HEARTBEAT_FORMAT,
    ...speaker,
    app_version: __APP_VERSION__,
    browser: short(browser),
    system,
    procedure: view.procedure && {
      folder: short(view.procedure.folder),
      version: short(view.procedure.version),
      release: view.procedure.release,
    },
    configuration,
    connection: view.connection,
    simulated: view.simulated,
    running: view.running,
    stopped: view.standstill != null && !view.slots.some(({ running }) => running),
    queue: {
      waiting: view.queue.waiting,
      parked: view.queue.parked,
      oldest_at: await oldestAt(store, view.queue),
    },
    disk: diskOf(await estimate().catch(() => ({}))),
    persisted: view.persisted,
    clock_offset_ms: view.clock?.offsetMs ?? null,
    fixtures: fixturesOf(view.plugs),
    last_seq: Math.max(lastSeq, own[0]?.seq ?? 0),
    last_run: last?.outcome ? { seq: last.seq, ended_at: endOf(last), outcome: last.outcome } : null,
    ...counts,
    halts: haltsOf(view),
    battery: supply?.batteryLevel == null ? null : { level: supply.batteryLevel, discharging: supply.isDischarging },
  };
}

function haltsOf({ releases }: StationView): SaidHalt[] {
  const found = (releases?.procedures ?? []).flatMap(({ folder, rollout }) =>
    rollout?.halt ? [{ procedure: short(folder), attempt: rollout.attempt, ...rollout.halt }] : [],
  );
  return found.slice(0, MOST_HALTS);
}

async function oldestAt(
  store: ReadingParts['store'],
  { waiting, parked }: StationView['queue'],
): Promise<string | null> {
  if (waiting + parked === 0) return null;
  // Parked ones come first, then those that wait, each by number.
  const rows = await store.queue(Math.min(parked, MOST_PARKED) + 1);
  const ends = rows.map(endOf).toSorted();
  return ends[0] ?? null;
}

function endOf({ started_at, duration_ms }: RunRow): string {
  return new Date(Date.parse(started_at) + duration_ms).toISOString();
}

/** Those that are not ready first, so that none of them is left out. */
function fixturesOf(plugs: StationView['plugs']): FixtureReading[] {
  return plugs
    .toSorted((a, b) => Number(a.state === 'ready') - Number(b.state === 'ready'))
    .slice(0, MOST_FIXTURES)
    .map(({ key, slot, state }) => ({ plug: short(key), ...(slot === undefined ? {} : { slot: short(slot) }), state }));
}

function diskOf({ quota, usage }: { readonly quota?: number; readonly usage?: number }): Heartbeat['disk'] {
  return quota === undefined || usage === undefined ? null : { quota_bytes: quota, usage_bytes: usage };
}

function short(text: string): string {
  return text.replaceAll(/\p{C}/gu, ' ').slice(0, LONGEST_TEXT);
}
