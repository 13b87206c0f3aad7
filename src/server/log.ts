/**
 * Structured log lines on standard output: one JSON object a line.
 *
 * The one line for people (the address) goes through `say`. Never hand in a key, a token or a body. Knows nothing of
 * where the lines end up.
 */
export const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export interface Log {
  write(level: LogLevel, event: string, facts?: Readonly<Record<string, unknown>>): void;
  /** A sentence for whoever sits in front of the terminal; from level info on. */
  say(sentence: string): void;
}

export function openLog(threshold: LogLevel, print: (line: string) => void, nowMs: () => number): Log {
  const wanted = (level: LogLevel) => LOG_LEVELS.indexOf(level) >= LOG_LEVELS.indexOf(threshold);
  return {
    write(level, event, facts = {}) {
      // Facts first: what a station sends can then not pass for the server's own time, level or event.
      if (wanted(level)) print(JSON.stringify({ ...facts, time: new Date(nowMs()).toISOString(), level, event }));
    },
    say(sentence) {
      if (wanted('info')) print(sentence);
    },
  };
}
