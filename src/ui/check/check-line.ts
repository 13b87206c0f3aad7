/**
 * One line of the station's check of itself, and what it is made of.
 *
 * Types. Made by station-check.ts from what browser-facts.ts found and what the station says. Shown by StationCheck.svelte.
 */
export interface CheckLine {
  /** For tests and help; a plug's begins with `plug:`. */
  readonly key: string;
  readonly name: string;
  readonly state: 'ok' | 'attention' | 'failed';
  /** What was found, as a sentence. */
  readonly says: string;
  /** What to do; absent where nothing has to be done. */
  readonly remedy?: string;
}

/** What only the browser knows, as it was a moment ago; null where it does not tell. */
export interface BrowserFacts {
  readonly isSecure: boolean;
  readonly browser: { readonly name: string; readonly version: number } | null;
  readonly isPersisted: boolean | null;
  readonly room: { readonly usedBytes: number; readonly freeBytes: number } | null;
  /** current: everything that this page runs is kept for offline, and nothing newer waits. */
  readonly worker: 'current' | 'waiting' | 'partly' | 'none';
  readonly hasSerial: boolean;
  readonly hasUsb: boolean;
  /** USB ids of what the browser lets the app use; null where it must not say. */
  readonly granted: readonly string[] | null;
  readonly display: 'full-screen' | 'window' | 'tab';
  readonly wakeLock: 'granted' | 'refused' | 'missing';
}
