/**
 * What can be wrong with a procedure file: the closed list of codes, and the collector that every reader writes to.
 *
 * Three weights: an error (the file does not load), an obstacle (it loads, but this version cannot run it) and a
 * warning. Reading goes on after each, so that one look shows everything. Knows nothing of YAML.
 */
import type { Place } from '#procedure/located.ts';
import type { Problem } from '#procedure/procedure.ts';

export const PROBLEM_CODES = [
  // The file does not load.
  'yaml',
  'type',
  'missing-key',
  'unknown-key',
  'length',
  'range',
  'choice',
  'duration',
  'identifier',
  'duplicate',
  'pattern',
  'validator',
  'parameter',
  'step',
  'conflict',
  'cycle',
  'unknown-plug',
  'unknown-measurement',
  'unknown-axis',
  'unknown-reading',
  'unknown-setting',
  'unit',
  'unknown-phase',
  'when',
  'label',
  // It loads, and a run is refused.
  'python-phase',
  'python-plug',
  'executable-phase',
  'script',
  'screen-file',
  'empty-phase',
  'nothing-to-run',
  'unknown-driver',
  'unsupported',
  'slots',
  // It loads and runs, but look at it.
  'no-id',
  'never-recorded',
  'undeclared',
  'renumbered',
  'old-spelling',
  // The same, said only by a check.
  'constant-when',
  'dependency-off',
  'unit-slip',
  'impossible-limit',
  'wait-over-timeout',
  'unused-plug',
  'no-safe-state',
  'slot-unnamed',
] as const;
export type ProblemCode = (typeof PROBLEM_CODES)[number];

export class Problems {
  readonly #file: string;
  readonly #lints: boolean;
  readonly #problems: Problem[] = [];
  #obstacles: Problem[] = [];

  /** @param lints whether to say also what is only worth a look while a procedure is written */
  constructor(file: string, lints: boolean) {
    this.#file = file;
    this.#lints = lints;
  }

  /** Another one for the same file, with nothing in it. */
  fresh(): Problems {
    return new Problems(this.#file, this.#lints);
  }

  /** Errors and warnings in the file's order. */
  get all(): readonly Problem[] {
    return inOrder(this.#problems);
  }

  get obstacles(): readonly Problem[] {
    return inOrder(this.#obstacles);
  }

  get hasErrors(): boolean {
    return this.#problems.some(({ severity }) => severity === 'error');
  }

  error(code: ProblemCode, place: Place, message: string): void {
    this.#problems.push(this.#make('error', code, place, message));
  }

  warning(code: ProblemCode, place: Place, message: string): void {
    this.#problems.push(this.#make('warning', code, place, message));
  }

  /** A word that is taken and has another name now: read as what it means, and said. */
  oldSpelling(place: Place, what: string, key: string, spelling: { readonly old: string; readonly now: string }): void {
    const { old, now } = spelling;
    const message = `${what}: “${key}: ${old}” is an old spelling; write “${key}: ${now}”`;
    this.#problems.push({ ...this.#make('warning', 'old-spelling', place, message), spelling });
  }

  lint(code: ProblemCode, place: Place, message: string): void {
    if (this.#lints) this.warning(code, place, message);
  }

  obstacle(code: ProblemCode, place: Place, message: string): void {
    this.#obstacles.push(this.#make('error', code, place, message));
  }

  /** How many obstacles there are now; `forgetObstaclesAfter` takes the number back. */
  get mark(): number {
    return this.#obstacles.length;
  }

  /** What stands in the way of a phase that is switched off stands in nobody's way. */
  forgetObstaclesAfter(mark: number): void {
    this.#obstacles = this.#obstacles.slice(0, mark);
  }

  /** Takes over what another reading of the same file found and this one did not. @param where stands in front */
  addFrom(other: Problems, where: string): void {
    const isNew = (known: readonly Problem[]) => (one: Problem) =>
      !known.some((old) => old.code === one.code && old.line === one.line && old.column === one.column);
    const said = (one: Problem) => ({ ...one, message: `${where}${one.message}` });
    this.#problems.push(...other.#problems.filter(isNew(this.#problems)).map(said));
    this.#obstacles.push(...other.#obstacles.filter(isNew(this.#obstacles)).map(said));
  }

  #make(severity: Problem['severity'], code: ProblemCode, { line, column }: Place, message: string): Problem {
    return { severity, code, message, file: this.#file, line, column };
  }
}

function inOrder(problems: readonly Problem[]): Problem[] {
  return [...problems].sort((a, b) => a.line - b.line || a.column - b.column);
}
