/**
 * Sends what waits: first in first out per unit, several units side by side, until nothing is due.
 *
 * Page worker and service worker call this same function, always under the lock of web-lock.ts. It keeps nothing
 * between calls: all that must be known later is in the store. What one run goes through is in courier.ts, what may
 * happen at all in transition.ts.
 */
import type { RunRow } from '#record/run-row.ts';
import { believable } from '#sync/outbox/backoff.ts';
import { Courier } from '#sync/outbox/courier.ts';
import { areKin, familyNames, keysOf } from '#sync/outbox/kin.ts';
import type { DrainOptions, DrainResult } from '#sync/outbox/drain-options.ts';

/** While others are sent, those whose time had not come are looked through again this often. */
const LOOK_AGAIN_MS = 1_000;

/** Runs of one unit and its parts that wait, by `seq`; only the first may be sent. One that only sends files holds back nobody. */
type Unit = RunRow[];

export async function drain(options: DrainOptions): Promise<DrainResult> {
  const { store, clock, settings, signal } = options;
  const courier = new Courier(options);
  const rows = await courier.recover(await store.undelivered());
  const units = byUnit(rows.filter((row) => row.state !== 'PARKED'));
  const isWaiting = (row: RunRow) => row.state === 'ATTACHING' && options.filesWait?.() === true;
  const isReady = (row: RunRow) => !isWaiting(row) && isDue(row, clock.nowMs());
  const ready: Unit[] = [];
  /** Their first run waits for its time, and should not have to wait for the end of a long drain as well. */
  const resting: Unit[] = [];
  const place = (unit: Unit) => void (isReady(unit[0]!) ? ready : resting).push(unit);
  units.forEach(place);
  /** Serial numbers of runs that somebody else has moved: what is sealed meanwhile may not overtake them. */
  const leftAlone = new Set<string>();
  /** How many those are: what became of them is read by the next drain, which should not be long in coming. */
  let aside = 0;
  let delivered = 0;

  if (
    (ready.length > 0 || (await store.hold())) &&
    (await courier.open(rows.filter((row) => row.state !== 'PARKED')))
  ) {
    let lookedMs = clock.monotonicMs();
    const underWay = new Set<Promise<void>>();
    while (!signal.aborted) {
      if (clock.monotonicMs() - lookedMs >= LOOK_AGAIN_MS) {
        lookedMs = clock.monotonicMs();
        for (const unit of resting.splice(0))
          if (isReady(unit[0]!)) ready.unshift(unit);
          else resting.push(unit);
      }
      while (courier.mayBegin() && underWay.size < courier.room && ready.length > 0) {
        const unit = ready.shift()!;
        const work = courier.step(unit[0]!).then((row) => {
          underWay.delete(work);
          if (!row) {
            aside += unit.length;
            return void unit.splice(0).forEach(({ serial_key: key }) => leftAlone.add(key));
          }
          if (row.state === 'DELIVERED') delivered += 1;
          unit.shift();
          if (row.state === 'ATTACHING' && unit.length > 0) {
            const alone = [row];
            units.push(alone);
            place(alone);
          } else if (row.state !== 'DELIVERED' && row.state !== 'PARKED') unit.unshift(row);
          if (unit[0]) place(unit);
        });
        underWay.add(work);
      }
      if (underWay.size === 0) break;
      await firstOf(underWay);
      // A paced drain lasts: what is sealed meanwhile should not wait for its end.
      if (settings.ratePerS > 0) {
        const { idle, held } = joined(units, rows, leftAlone, await store.undelivered());
        for (const unit of idle)
          if (isReady(unit[0]!)) ready.unshift(unit);
          else resting.push(unit);
        aside += held;
      }
    }
    await Promise.allSettled(underWay);
  }
  // What waits for a better moment has no time: whoever says that it has come calls again.
  const heads = units.flatMap((unit) => unit.slice(0, 1)).filter((row) => !isWaiting(row));
  const nowMs = clock.nowMs();
  const times = heads.map((row) => believable(row.next_at_ms, nowMs));
  if (aside > 0) times.push(nowMs + LOOK_AGAIN_MS);
  return {
    delivered,
    left: units.reduce((sum, unit) => sum + unit.length, aside),
    nextAtMs: times.length === 0 ? null : Math.max(courier.quietUntilMs, Math.min(...times)),
    reachable: courier.reachable,
  };
}

/**
 * Takes in the runs that are new, in the order of their numbers.
 * @returns units that had nothing to send before, and how many runs wait for the next drain
 */
function joined(
  units: Unit[],
  known: RunRow[],
  leftAlone: Set<string>,
  now: readonly RunRow[],
): { idle: Unit[]; held: number } {
  const ids = new Set(known.map(({ id }) => id));
  const idle: Unit[] = [];
  let held = 0;
  // One whose copy lies elsewhere by now is ambiguous: it is new all the same, and first in its unit.
  for (const row of now.filter(({ id, state }) => !ids.has(id) && (state === 'QUEUED' || state === 'AMBIGUOUS'))) {
    known.push(row);
    const kin = units.filter((unit) => unit.some((other) => other.state !== 'ATTACHING' && areKin(row, other)));
    // With two it joins queues that are under way: the next drain puts them together, with all that comes after it.
    if (kin.length > 1 || keysOf(row).some((key) => leftAlone.has(key))) {
      keysOf(row).forEach((key) => leftAlone.add(key));
      held += 1;
      continue;
    }
    const [unit] = kin;
    if (unit) unit.push(row);
    else {
      const fresh = [row];
      units.push(fresh);
      idle.push(fresh);
    }
  }
  return { idle, held };
}

/** One failure of the store ends the drain, but not before what is on the wire has come back. */
async function firstOf(underWay: Set<Promise<void>>): Promise<void> {
  try {
    await Promise.race(underWay);
  } catch (thrown) {
    await Promise.allSettled(underWay);
    throw thrown;
  }
}

function isDue(row: RunRow, nowMs: number): boolean {
  return believable(row.next_at_ms, nowMs) <= nowMs;
}

function byUnit(rows: readonly RunRow[]): Unit[] {
  const units = new Map<string, Unit>();
  const posted = rows.filter(({ state }) => state !== 'ATTACHING');
  const nameOf = familyNames(posted);
  for (const row of posted) {
    const unit = units.get(nameOf(row));
    if (unit) unit.push(row);
    else units.set(nameOf(row), [row]);
  }
  return [...units.values(), ...rows.filter(({ state }) => state === 'ATTACHING').map((row) => [row])];
}
