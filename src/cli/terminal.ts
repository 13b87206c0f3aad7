/**
 * What a command of the command line is given: where its words go, when to stop, and its options.
 *
 * Handed in by fieldbench.ts, so that a command can be tried without a process.
 */
export interface Terminal {
  /** Results, for people or programs. */
  readonly out: (line: string) => void;
  /** Diagnostics, for people. */
  readonly err: (line: string) => void;
  /** Ctrl+C, or the signal that asks a program to end. */
  readonly stop: AbortSignal;
  /** The built script-thread.ts; absent: the one beside this program. */
  readonly scriptThread?: string;
  /** Absent: nothing is set. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** One line that is not shown, from whoever is there; absent, or null: nobody is. */
  readonly readSecret?: (question: string) => Promise<string | null>;
  /** Absent: the network's own. */
  readonly fetch?: typeof fetch;
}

export interface Options {
  readonly json: boolean;
  readonly bench?: string;
  /** One a slot, in their order. */
  readonly serials?: readonly string[];
  readonly seed?: number;
  /** What the unit is made of, by the key of the question: `part_number`, `sub_units.display` … */
  readonly unit?: Readonly<Record<string, string>>;
  /** Wire log by plug: it answers as it did when that was recorded. */
  readonly wires?: Readonly<Record<string, string>>;
  /** File with what the operator would answer. */
  readonly answers?: string;
}
