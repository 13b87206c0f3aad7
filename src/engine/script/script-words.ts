/**
 * What a script's world and its host say to each other; plain data over a message channel.
 *
 * The host believes none of it: every word is checked where it arrives (worker-host.ts, script-desk.ts).
 */
import type { ScriptCall } from '#engine/script/script-host.ts';
import type { Points, Question, Value } from '#engine/script/phase-api.ts';
import type { LogRecord } from '#record/run-record.ts';

/** Line and column in the code that runs, 1-based, counted from the author's first line; outermost last. */
export type Frames = readonly (readonly [line: number, column: number])[];

/** Wants an answer. */
export type ScriptRequest =
  | { readonly do: 'write'; readonly plug: string; readonly command: string }
  | { readonly do: 'query'; readonly plug: string; readonly command: string; readonly timeoutMs?: number }
  | { readonly do: 'read' | 'curve'; readonly plug: string; readonly reading: string; readonly timeoutMs?: number }
  | { readonly do: 'set'; readonly plug: string; readonly setting: string; readonly value: Value }
  | { readonly do: 'ask'; readonly question: Question; readonly timeoutMs?: number }
  /** To the phase's own screen. */
  | { readonly do: 'answers' };

/** Wants none. */
export type ScriptTold =
  | { readonly do: 'record'; readonly measurement: string; readonly value: Value | Points }
  | { readonly do: 'log'; readonly level: LogRecord['level']; readonly message: string; readonly frames: Frames }
  | { readonly do: 'show'; readonly values: Readonly<Record<string, Value>> }
  /** So many lines of the log were left out until now. */
  | { readonly do: 'dropped'; readonly lines: number };

export type FromScript =
  | { readonly type: 'ask'; readonly id: number; readonly request: ScriptRequest }
  | { readonly type: 'tell'; readonly told: ScriptTold }
  | { readonly type: 'pong' }
  | { readonly type: 'done' }
  | { readonly type: 'threw'; readonly message: string; readonly frames: Frames };

export type ToScript =
  | { readonly type: 'run'; readonly call: ScriptCall }
  | { readonly type: 'ping' }
  | { readonly type: 'answer'; readonly id: number; readonly value: unknown }
  | { readonly type: 'failure'; readonly id: number; readonly code: string; readonly message: string };

/** More calls without an answer than anybody waits for: a loop without `await`. */
export const MOST_OPEN_CALLS = 1000;
/** Values of one attempt: one every 10 ms for most of a minute, each an event in the journal. */
export const MOST_RECORDS = 5000;
/** What a screen shows changes this often at the most: faster than that nobody reads. */
export const SHOW_EVERY_MS = 50;
/** Lines of one attempt; a person reads fewer. What comes after them is counted. */
export const MOST_LOG_LINES = 1000;
/** Characters of a log line. */
export const LONGEST_LOG_LINE = 2000;
