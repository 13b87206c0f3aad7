/**
 * The outbox's store with the carried runs among the station's own, so that one drain delivers both.
 *
 * Everything but rows, bodies and files is the station's own store. Runs are merged by their beginning, and each station's
 * own order is kept whatever its clock says. Knows nothing of what a drain does with them.
 */
import type { RunRow } from '#record/run-row.ts';
import type { OwnRuns } from '#sync/transfer/transfer-ports.ts';

type Queue = OwnRuns & { close?(): void };

export function bothQueues<S extends Queue>(own: S, carried: Queue): S {
  // Whatever is moved was listed before by this same object; a run's id is unique over all stations.
  const carriedIds = new Set<string>();
  const holderOf = (run: string) => (carriedIds.has(run) ? carried : own);
  const both: Queue = {
    undelivered: async () => {
      const [mine, theirs] = await Promise.all([own.undelivered(), carried.undelivered()]);
      // A run that came back to its own store while a copy of it is carried here goes as its own first.
      const ownIds = new Set(mine.map(({ id }) => id));
      const others = theirs.filter(({ id }) => !ownIds.has(id));
      for (const id of ownIds) carriedIds.delete(id);
      for (const { id } of others) carriedIds.add(id);
      return others.length === 0 ? mine : mergedByStart(mine, others);
    },
    sealed: async (id) => holderOf(id).sealed(id),
    move: (from, to) => holderOf(from.id).move(from, to),
    attachments: (run) => holderOf(run).attachments(run),
    attachmentBytes: (id) => holderOf(runOf(id)).attachmentBytes(id),
    moveAttachment: (from, to) => holderOf(runOf(from.id)).moveAttachment(from, to),
    close: () => {
      carried.close?.();
      own.close?.();
    },
  };
  return new Proxy(own, {
    get: (target, name) => {
      if (Object.hasOwn(both, name)) return both[name as keyof Queue];
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

/** A file's id is its run's, a stroke and its number. */
function runOf(fileId: string): string {
  return fileId.slice(0, fileId.lastIndexOf('/'));
}

function mergedByStart(mine: readonly RunRow[], theirs: readonly RunRow[]): RunRow[] {
  const lines = new Map<string, RunRow[]>([['', [...mine].reverse()]]);
  for (const row of theirs.toSorted((a, b) => b.seq - a.seq)) {
    const station = row.carried_from ?? '';
    const line = lines.get(station);
    if (line) line.push(row);
    else lines.set(station, [row]);
  }
  const heads = [...lines.values()];
  const merged: RunRow[] = [];
  for (let total = mine.length + theirs.length; total > 0; total -= 1) {
    const waiting = heads.filter((line) => line.length > 0);
    const next = waiting.reduce((first, line) => (line.at(-1)!.started_at < first.at(-1)!.started_at ? line : first));
    merged.push(next.pop()!);
  }
  return merged;
}
