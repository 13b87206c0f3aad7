/**
 * What a phase's script is given: the types of `fieldbench/procedure`, word for word what an author sees.
 *
 * script-runtime.ts builds it inside the script's own world. Imports nothing, since `fieldbench init` writes this very
 * text beside a procedure.
 */

/** One value of a measurement. */
export type Value = number | string | boolean;

/** Points of a multi-point measurement, by the key of their axis. */
export type Points = Readonly<Record<string, readonly number[] | Float64Array>>;

export interface CallOptions {
  /** How long the answer may take, ms; what the phase has left unless stated. */
  readonly timeoutMs?: number;
}

/** An instrument or a fixture. Every call must be awaited; a phase that ends with a call under way is an error. */
export interface Plug {
  /** Sends a command that has no answer. */
  write(command: string): Promise<void>;
  /** Sends a query. @returns its answer, without the line's end */
  query(command: string, options?: CallOptions): Promise<string>;
  /** Takes one of the driver's readings, such as `voltage_dc`. @returns the answer as it came */
  read(reading: string, options?: CallOptions): Promise<string>;
  /** Takes one of the driver's curves, such as `waveform_1`. @returns its points, in SI base units */
  curve(reading: string, options?: CallOptions): Promise<Float64Array>;
  /** Brings one of the driver's settings to a value: `set('voltage', 3.3)`. */
  set(setting: string, value: Value): Promise<void>;
}

export interface EarlierPhase {
  readonly name: string;
  readonly section: 'setup' | 'main' | 'teardown';
  readonly outcome: 'PASS' | 'FAIL' | 'ERROR' | 'SKIP';
  /** The last value of each measurement by key; null where none was read, and for those with many points. */
  readonly measurements: Readonly<Record<string, Value | null>>;
}

/** What an operator entered, by component: several choices as a list, a picture as its file's name, null for nothing. */
export type Answers = Readonly<Record<string, Value | readonly string[] | null>>;

/** One text, or one a language: `{ en: 'Press it', de: 'Drücken' }`. */
export type Text = string | Readonly<Record<string, string>>;

/** As in `procedure.yaml`: `type`, and whatever belongs to it, such as `label`, `required`, `options`, `min`. */
export interface Component {
  readonly type: string;
  readonly key?: string;
  readonly label?: Text;
  readonly [option: string]: unknown;
}

export interface Question {
  readonly message: Text;
  /** What is asked or shown; without any, the operator just confirms. */
  readonly components?: readonly Component[];
}

/** The operator. */
export interface Ui {
  /**
   * Changes what the phase's own screen shows, by the keys of its components: the words of a `text`, the per cent of a
   * `progress`, the file of an `image`.
   */
  show(values: Readonly<Record<string, Value>>): void;
  /** Asks, and waits for the answer. A `verdict` that is answered with fail fails the phase, whatever the script does. */
  ask(question: Question, options?: CallOptions): Promise<Answers>;
  /** Waits for the answer to the phase's own screen. */
  answers(): Promise<Answers>;
}

/** Lines of the run's log, each with this file and line. */
export interface Log {
  debug(message: unknown): void;
  info(message: unknown): void;
  warning(message: unknown): void;
  error(message: unknown): void;
}

export interface Phase {
  readonly key: string;
  readonly name: string;
  /** 0, 1, 2 …: how often this phase was tried before in this run. */
  readonly attempt: number;
  /** By their keys. */
  readonly plugs: Readonly<Record<string, Plug>>;
  /**
   * Assign a value to record it: `phase.measurements.rail_3v3 = 3.301`. A measurement with axes takes its points by the
   * key of each axis. Only what the procedure declares can be assigned; the station judges it, never the script.
   */
  readonly measurements: Record<string, Value | Points>;
  readonly unit: {
    readonly serial_number: string;
    readonly part_number?: string;
    readonly revision_number?: string;
    readonly batch_number?: string;
  };
  /** As the station has them in this run. */
  readonly parameters: Readonly<Record<string, Value | readonly Value[]>>;
  readonly log: Log;
  readonly ui: Ui;
  /** Phases that have ended in this run, by key. */
  readonly earlier: Readonly<Record<string, EarlierPhase>>;
  /** Aborted when the script has returned or thrown: for whatever it left running. */
  readonly signal: AbortSignal;
  /** Resolves after so many milliseconds. */
  wait(durationMs: number): Promise<void>;
}

/** The default export of a phase's script. What it throws makes the phase an ERROR. */
export type PhaseScript = (phase: Phase) => Promise<void>;
