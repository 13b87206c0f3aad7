/**
 * The phases of one section, each in its turn: after those that it depends on, in the file's order where that leaves a
 * choice, and side by side where the section says so.
 *
 * Knows nothing of what a phase does. Above: run-procedure.ts.
 */
export interface Ordered {
  readonly key: string;
  readonly dependsOn?: readonly string[];
}

/**
 * Calls `run` for every phase, once.
 * @param isParallel independent phases begin at once, otherwise one begins when the one before it has ended
 * @param run does not throw
 */
export async function inOrder<P extends Ordered>(
  phases: readonly P[],
  isParallel: boolean,
  run: (phase: P) => Promise<void>,
): Promise<void> {
  const left = [...phases];
  const running = new Set<Promise<void>>();
  const pending = new Set(phases.map(({ key }) => key));
  const begin = (phase: P) => {
    const ended = run(phase).then(() => {
      pending.delete(phase.key);
      running.delete(ended);
    });
    running.add(ended);
  };
  while (left.length > 0) {
    const isFree = isParallel || running.size === 0;
    const at = isFree ? left.findIndex(({ dependsOn = [] }) => !dependsOn.some((key) => pending.has(key))) : -1;
    if (at >= 0) begin(left.splice(at, 1)[0]!);
    // A circle of dependencies does not load; should one come here, its phases are run in the file's order.
    else if (running.size === 0) begin(left.shift()!);
    else await Promise.race(running);
  }
  await Promise.all(running);
}
