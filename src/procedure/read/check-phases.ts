/**
 * What can only be checked with all phases at hand: keys used twice, and dependencies.
 *
 * A phase may depend on one that stands after it: the engine takes them in their turn. Above: read-procedure.ts.
 */
import { proposal } from '#procedure/nearest.ts';
import type { Context } from '#procedure/read/fields.ts';
import type { ReadPhase } from '#procedure/read/read-phases.ts';
import { firstFree } from '#procedure/read/read-screen.ts';

export function checkPhases({ problems }: Context, phases: readonly ReadPhase[]): void {
  const main = phases.filter(({ section }) => section === 'main');
  const keys = main.map(({ key }) => key);
  const cycle = findCycle(main);
  for (const phase of phases) {
    for (const { key, place } of phase.dependsOn) {
      const said = `phase “${phase.name}” depends on “${key}”`;
      if (key === phase.key) problems.error('cycle', place, `phase “${phase.name}” depends on itself`);
      else if (!keys.includes(key)) {
        const known = proposal(key, keys) || `; there are: ${keys.join(', ')}`;
        problems.error('unknown-phase', place, `${said}, which is no phase of main${known}`);
      } else if (main.some((other) => other.key === key && other.skip !== undefined))
        problems.lint('dependency-off', place, `${said}, which is switched off, so this says nothing; leave it out`);
    }
  }
  if (cycle)
    problems.error('cycle', cycle.phase.place, `phases depend on each other in a circle: ${cycle.path.join(' -> ')}`);
  if (main.length > 0 && main.every(({ skip }) => skip !== undefined))
    problems.obstacle(
      'nothing-to-run',
      main[0]!.place,
      'every phase of main is switched off, so nothing would be tested',
    );
}

/**
 * One name space over all sections: events, screens and records know a phase by its key alone. TofuPilot refuses a key
 * that main has twice, and renumbers the others; so does this. Main keeps its keys, since `depends_on` names them.
 */
export function renumbered({ problems }: Context, phases: readonly ReadPhase[]): ReadPhase[] {
  const taken = new Map<string, ReadPhase>();
  for (const phase of phases.filter(({ section }) => section === 'main')) {
    const first = taken.get(phase.key);
    if (first)
      problems.error(
        'duplicate',
        phase.place,
        `two phases have the key “${phase.key}”; the first is “${first.name}” in line ${first.line}`,
      );
    else taken.set(phase.key, phase);
  }
  return phases.map((phase) => {
    if (phase.section === 'main') return phase;
    const first = taken.get(phase.key);
    const key = first ? firstFree(phase.key, taken) : phase.key;
    if (first)
      problems.warning(
        'renumbered',
        phase.place,
        `phase “${phase.name}” of ${phase.section} has the key of “${first.name}” in line ${first.line}, so it is known as “${key}”; give it a key of its own`,
      );
    taken.set(key, phase);
    return { ...phase, key };
  });
}

function findCycle(phases: readonly ReadPhase[]): { phase: ReadPhase; path: string[] } | null {
  const byKey = new Map(phases.map((phase) => [phase.key, phase]));
  const done = new Set<string>();
  const visit = (phase: ReadPhase, path: readonly string[]): string[] | null => {
    if (path.includes(phase.key)) return [...path.slice(path.indexOf(phase.key)), phase.key];
    if (done.has(phase.key)) return null;
    for (const { key } of phase.dependsOn) {
      const next = byKey.get(key);
      const found = next && key !== phase.key ? visit(next, [...path, phase.key]) : null;
      if (found) return found;
    }
    done.add(phase.key);
    return null;
  };
  for (const phase of phases) {
    const path = visit(phase, []);
    if (path) return { phase: byKey.get(path[0]!)!, path };
  }
  return null;
}
