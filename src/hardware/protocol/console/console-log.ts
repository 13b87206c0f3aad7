/**
 * The lines of a console: what was said since the last command, and what nobody was told yet.
 *
 * Both are bounded; what is left out is counted. Knows nothing of where lines come from.
 */
/** A Linux kernel boots with about a thousand lines. */
const MOST_LINES = 5000;
const MOST_CHARACTERS = 1_000_000;
/** Between two steps; a device that prints more floods the run's log. */
const MOST_UNTOLD = 1000;

export class ConsoleLog {
  #lines: string[] = [];
  #characters = 0;
  #untold: string[] = [];
  #dropped = 0;

  add(line: string): void {
    this.#lines.push(line);
    this.#characters += line.length;
    // In larger pieces: taking one line from the front of a long list is slow.
    if (this.#lines.length > MOST_LINES || this.#characters > MOST_CHARACTERS) this.#forgetFirst();
    if (line.trim() === '') return;
    if (this.#untold.length < MOST_UNTOLD) this.#untold.push(line);
    else this.#dropped++;
  }

  get lines(): readonly string[] {
    return this.#lines;
  }

  /** From here on: what was said before is over. It is told all the same. */
  clear(): void {
    this.#lines = [];
    this.#characters = 0;
  }

  /** How many lines are untold, to come back to. */
  get untoldCount(): number {
    return this.#untold.length;
  }

  /** What came after that is told otherwise, as the answer to a command. */
  tellOnlyFirst(count: number): void {
    this.#untold.length = Math.min(count, this.#untold.length);
  }

  /** Lines that were not told yet, each once; at the end how many were left out. */
  takeUntold(): string[] {
    const untold = this.#untold;
    if (this.#dropped > 0) untold.push(`(${this.#dropped} further lines were left out)`);
    this.#untold = [];
    this.#dropped = 0;
    return untold;
  }

  #forgetFirst(): void {
    const kept = this.#lines.slice(Math.ceil(this.#lines.length / 2));
    this.clear();
    for (const line of kept) {
      this.#lines.push(line);
      this.#characters += line.length;
    }
  }
}
