/**
 * Looks after this station's memory beside the work: what went wrong with it is told, its two copies are compared,
 * sealed runs are checked, old ones reduced, and room is kept for a run that has begun.
 *
 * Above it: station.ts, which starts it when this tab is the station. The work itself is storage's.
 */
import type { Clock } from '#base/clock.ts';
import { Fault, messageOf } from '#base/fault.ts';
import type { Notice } from '#engine/link/station-link.ts';
import { BUILT_IN } from '#fleet/config/built-in.ts';
import type { FleetSettings } from '#fleet/distribution/manifest.ts';
import type { StorageFault } from '#storage/fault.ts';
import type { Incident, IncidentCode } from '#storage/store/incidents.ts';
import type { LocalStore } from '#storage/store/open.ts';
import { DEFAULT_RETENTION } from '#storage/default-retention.ts';
import type { View } from './view.ts';

/** Delivered runs become old slowly; a full disk should be seen before the next shift. */
const ROUND_MS = 30 * 60_000;
/** The first round comes after the screen: hashing and deleting must not delay the first scan. */
const FIRST_ROUND_MS = 2_000;
const MIB = 2 ** 20;

const PREFIX = 'storage-';
const LOW = 'storage-low';

export interface MemoryOptions {
  readonly store: LocalStore;
  readonly view: View;
  readonly clock: Clock;
  /** As the fleet wants it. */
  readonly settings: () => Pick<FleetSettings, 'retention' | 'storage'>;
  /** What the browser thinks is left for this origin, bytes; null when it does not say. */
  readonly roomLeft: () => Promise<number | null>;
}

export async function showIncidents(store: LocalStore, view: View): Promise<void> {
  for (const incident of await store.upkeep.unread()) view.notice(noticeOf(incident));
  store.upkeep.onIncident((incident) => view.notice(noticeOf(incident)));
}

/** Until a person has read it: a lost store must not be forgotten by a reload. */
export async function readByPerson(store: LocalStore, code: string): Promise<void> {
  if (code.startsWith(PREFIX)) await store.upkeep.markRead(code.slice(PREFIX.length) as IncidentCode);
}

/** Runs until `signal` aborts; no failure ends it. */
export async function keepMemory(options: MemoryOptions, signal: AbortSignal): Promise<void> {
  const { clock } = options;
  for (let pauseMs = FIRST_ROUND_MS; !signal.aborted; pauseMs = ROUND_MS) {
    await clock.sleep(pauseMs, signal).catch(() => undefined);
    if (signal.aborted) return;
    await round(options).catch((thrown: unknown) =>
      console.error('looking after the memory failed', messageOf(thrown)),
    );
  }
}

async function round({ store: { upkeep }, view, settings, roomLeft }: MemoryOptions): Promise<void> {
  const { retention, storage } = settings();
  const { keep_runs: keepRuns = DEFAULT_RETENTION.keepRuns, keep_days: keepDays = DEFAULT_RETENTION.keepDays } =
    retention ?? {};
  await upkeep.readWaiting();
  await upkeep.compareCopies();
  await upkeep.reduce({ keepRuns, keepDays });
  const hasBallast = await upkeep.keepBallast();
  const left = await roomLeft();
  const lowBytes = MIB * (storage?.warn_free_mib ?? BUILT_IN.storage.warn_free_mib);
  if (!hasBallast || (left !== null && left < lowBytes)) view.notice(lowNotice(hasBallast));
  else view.dismiss(LOW);
  await upkeep.verify();
}

function lowNotice(hasBallast: boolean): Notice {
  return {
    code: LOW,
    tone: hasBallast ? 'warning' : 'error',
    message: hasBallast ? 'The disk of this computer is nearly full.' : 'The disk is full: no run can be started.',
    remedy: 'Free disk space on this computer. What is saved stays saved, and is delivered as usual.',
  };
}

function noticeOf({ code, message, remedy }: Incident): Notice {
  const isMended = code === 'repaired' || code === 'quarantined' || code === 'single-copy';
  return { code: `${PREFIX}${code}`, tone: isMended ? 'warning' : 'error', message, remedy };
}

/** The store cannot be used at all. */
export function storageNotice(thrown: unknown): Notice {
  const fault = thrown instanceof Fault ? (thrown as StorageFault) : null;
  return {
    code: `${PREFIX}${fault?.code ?? 'failed'}`,
    tone: 'error',
    message: messageOf(thrown),
    remedy: fault?.remedy ?? 'Reload the page; if this stays, use another browser profile.',
  };
}

/** Of this origin, as the browser sees it. */
export async function browserRoomLeft(): Promise<number | null> {
  const { quota, usage } = await navigator.storage.estimate();
  return quota === undefined || usage === undefined ? null : quota - usage;
}
