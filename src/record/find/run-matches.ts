/**
 * Whether a run is one that a search means: every term of it must hold.
 *
 * Made once a search and asked once a run, so whatever can be worked out before is. Pure; the time now comes in.
 */
import { type FoundRun, uploadValue } from '#record/find/found-run.ts';
import type { FindTerm } from '#record/find/find-query.ts';
import type { FindKey } from '#record/find/keys.ts';
import { timeSpan } from '#record/find/time-span.ts';

export type Matches = (run: FoundRun) => boolean;

/** As a whole hash is pasted. */
const HASH = 'sha256:';

/** @returns null when it means every run */
export function runMatches(terms: readonly FindTerm[], nowMs: number): Matches | null {
  const tests = terms.map((term) => testOf(term, nowMs)).filter((test) => test !== null);
  const [first, ...others] = tests;
  if (!first) return null;
  if (others.length === 0) return first;
  return (run) => tests.every((test) => test(run));
}

/** @returns null for a filter that says nothing yet, such as half a date */
function testOf({ key, values }: FindTerm, nowMs: number): Matches | null {
  if (key === null) return wordTest(values[0] ?? '', nowMs);
  const tests = values.map((value) => valueTest(key, value, nowMs)).filter((test) => test !== null);
  const [only, ...others] = tests;
  if (!only || others.length === 0) return only ?? null;
  return (run) => tests.some((test) => test(run));
}

function wordTest(word: string, nowMs: number): Matches {
  if (word.startsWith(HASH)) return ({ facts }) => facts?.release.startsWith(word) === true;
  const span = timeSpan(word, nowMs);
  if (!span) return ({ text }) => text.includes(word);
  return ({ text, startedMs }) => (startedMs >= span.fromMs && startedMs < span.toMs) || text.includes(word);
}

function valueTest(key: FindKey, value: string, nowMs: number): Matches | null {
  switch (key) {
    case 'outcome':
      return ({ line }) => line.outcome?.toLowerCase().startsWith(value) === true;
    case 'upload':
      return ({ line }) => uploadValue(line.state).startsWith(value);
    case 'release': {
      const start = value.startsWith(HASH) ? value : HASH + value;
      return ({ facts }) => facts !== null && (facts.release.startsWith(start) || facts.version === value);
    }
    case 'on':
    case 'after':
    case 'before':
      return timeTest(key, value, nowMs);
    case 'serial':
      return ({ line }) => has(line.serial_number, value);
    case 'procedure':
      return ({ line }) => has(line.procedure_name, value) || line.procedure_id === value;
    case 'reason':
      return ({ line }) => has(line.reason, value);
    case 'phase':
      return ({ facts }) => facts?.phases?.some((name) => has(name, value)) === true;
    case 'measurement':
      return ({ facts }) => facts?.measurements?.some((name) => has(name, value)) === true;
    case 'part':
    case 'revision':
    case 'batch':
    case 'operator':
    case 'fixture':
      return ({ facts }) => has(facts?.[key] ?? '', value);
  }
}

/** `after` a day begins with it, `before` a day ends where it begins. */
function timeTest(key: 'on' | 'after' | 'before', value: string, nowMs: number): Matches | null {
  const span = timeSpan(value, nowMs);
  if (!span) return null;
  const { fromMs, toMs } = span;
  if (key === 'after') return ({ startedMs }) => startedMs >= fromMs;
  if (key === 'before') return ({ startedMs }) => startedMs < fromMs;
  return ({ startedMs }) => startedMs >= fromMs && startedMs < toMs;
}

function has(text: string, value: string): boolean {
  return text.toLowerCase().includes(value);
}
