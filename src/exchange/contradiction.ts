/**
 * Files of others, held against themselves: a PASS that the same file contradicts is a FAIL here.
 *
 * A file can be edited, cut, or written by a program with a mistake; a bad unit must not pass by it. Nothing is ever
 * turned the other way. Knows nothing of formats.
 */
import type { PhaseRecord, RunRecord } from '#record/run-record.ts';

/** Says each contradiction that it finds through `differ`. */
export function settled(record: RunRecord, differ: (words: string) => void): RunRecord {
  if (record.outcome !== 'PASS') return record;
  const last = new Map(record.phases.map((phase) => [phase.name, phase]));
  const bad = [...last.values()].find(({ outcome }) => outcome === 'FAIL' || outcome === 'ERROR');
  if (!bad) return record;
  const reason = `The file says PASS, and its phase ${bad.name} says ${bad.outcome}${bad.reason ? `: ${bad.reason}` : ''}`;
  differ(`${reason}. It is taken as FAIL.`);
  return { ...record, outcome: 'FAIL', reason };
}

/** @param reason why one of its measurements cannot have passed, though the file says so; undefined when none */
export function settledPhase(phase: PhaseRecord, reason: string | undefined): PhaseRecord {
  return reason === undefined || phase.outcome !== 'PASS' ? phase : { ...phase, outcome: 'FAIL', reason };
}
