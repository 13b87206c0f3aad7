/**
 * Every run of a station in memory, to be searched while somebody types.
 *
 * A place for each number of the station, so that a row that changes is put where it was. A search looks at every run
 * once: for a hundred thousand that takes milliseconds, and nothing has to be kept up to date but the runs themselves.
 * Knows nothing of where rows come from and of who asks.
 */
import { type FindTerm, readFind } from '#record/find/find-query.ts';
import { isNarrower } from '#record/find/narrower.ts';
import { type FoundRun, foundRun, shared } from '#record/find/found-run.ts';
import { runMatches } from '#record/find/run-matches.ts';
import type { RunFacts } from '#record/searched-facts.ts';
import type { RunRow } from '#record/run-row.ts';

/** What most runs have, for a person to choose from. */
export interface FindChoices {
  readonly operator: readonly string[];
  readonly procedure: readonly string[];
  readonly part: readonly string[];
}

/** More are typed sooner than found in a list. */
const MOST_CHOICES = 50;

export class RunIndex {
  /** By number; a number that was lost has none. */
  readonly #bySeq: (FoundRun | undefined)[] = [];
  readonly #share = shared();
  readonly #counts = {
    operator: new Map<string, number>(),
    procedure: new Map<string, number>(),
    part: new Map<string, number>(),
  };
  #size = 0;
  /** Counts changes: an answer holds until the next. */
  #revision = 0;
  #last: {
    readonly day: string;
    readonly terms: readonly FindTerm[];
    readonly found: Uint32Array;
    readonly revision: number;
  } | null = null;

  get size(): number {
    return this.#size;
  }

  /** A run under way is in no list. Facts that are known already stay when a row comes without them. */
  put(row: RunRow, facts: RunFacts | null = row.facts ?? null): void {
    if (row.state === 'RUNNING' || row.outcome === null) return;
    this.#revision += 1;
    const known = this.#bySeq[row.seq];
    const run = foundRun(row, facts ?? known?.facts ?? null, this.#share);
    if (known) this.#count(known, -1);
    else this.#size += 1;
    this.#count(run, 1);
    // Without a hole: an array that begins with its hundred thousandth place is kept as a table, and is slow for ever.
    while (this.#bySeq.length <= row.seq) this.#bySeq.push(undefined);
    this.#bySeq[row.seq] = run;
  }

  at(seq: number): FoundRun | undefined {
    return this.#bySeq[seq];
  }

  /** Numbers of the runs that a search means, the newest first. */
  find(text: string, nowMs: number): Uint32Array {
    const terms = readFind(text);
    const matches = runMatches(terms, nowMs);
    // What is called today is another day tomorrow.
    const day = new Date(nowMs).toDateString();
    const last = this.#last;
    // A key more leaves fewer: only what was found before it is looked at again.
    const among =
      last?.revision === this.#revision && last.day === day && isNarrower(terms, last.terms) ? last.found : this.#all();
    const found = new Uint32Array(among.length);
    let count = 0;
    for (const seq of among) {
      const run = this.#bySeq[seq];
      if (run && (matches === null || matches(run))) found[count++] = seq;
    }
    const answer = found.subarray(0, count);
    this.#last = { terms, found: answer, day, revision: this.#revision };
    return answer;
  }

  #all(): Uint32Array {
    const all = new Uint32Array(this.#size);
    let count = 0;
    for (let seq = this.#bySeq.length - 1; seq >= 0; seq -= 1) if (this.#bySeq[seq]) all[count++] = seq;
    return all;
  }

  /** The newest first. */
  where(test: (run: FoundRun) => boolean, limit: number): FoundRun[] {
    const found: FoundRun[] = [];
    for (let seq = this.#bySeq.length - 1; seq >= 0 && found.length < limit; seq -= 1) {
      const run = this.#bySeq[seq];
      if (run && test(run)) found.push(run);
    }
    return found;
  }

  choices(): FindChoices {
    const most = (counts: ReadonlyMap<string, number>) =>
      [...counts]
        .sort((a, b) => b[1] - a[1])
        .slice(0, MOST_CHOICES)
        .map(([value]) => value)
        .sort((a, b) => a.localeCompare(b));
    return {
      operator: most(this.#counts.operator),
      procedure: most(this.#counts.procedure),
      part: most(this.#counts.part),
    };
  }

  #count({ line, facts }: FoundRun, by: number): void {
    const { operator, procedure, part } = this.#counts;
    for (const [counts, value] of [
      [operator, facts?.operator],
      [procedure, line.procedure_name],
      [part, facts?.part],
    ] as const) {
      if (!value) continue;
      const count = (counts.get(value) ?? 0) + by;
      if (count > 0) counts.set(value, count);
      else counts.delete(value);
    }
  }
}
