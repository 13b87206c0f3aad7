/**
 * What a driver says of itself: its readings and settings by name, with their units, and what leaves it without power.
 *
 * Data. The procedure's reader checks steps against it, and the reference in docs/ is written from it. Knows nothing of how
 * a reading is taken.
 */
export interface ReadingFacts {
  /** `flag`: 0 or 1. `curve`: many numbers. */
  readonly gives: 'number' | 'flag' | 'text' | 'curve';
  /** Of numbers; SI, without a prefix. */
  readonly unit?: string;
}

export interface SettingFacts {
  readonly takes: 'number' | 'flag' | 'text';
  readonly unit?: string;
  /** The only texts that it takes. */
  readonly choices?: readonly string[];
}

export interface DriverFacts {
  readonly readings: Readonly<Record<string, ReadingFacts>>;
  readonly settings: Readonly<Record<string, SettingFacts>>;
  /** Sent where the procedure states no `safe_state`. */
  readonly safeState: readonly string[];
  /** Key of the plug under which the procedure says more; `modbus` cannot do without. */
  readonly config?: 'modbus' | 'console' | 'language';
}
