/** Runs a procedure on a fake bench and gives back what happened, as events and as the record made from them. */
import { runProcedure } from '#engine/run-procedure.ts';
import type { ScriptHost } from '#engine/script/script-host.ts';
import type { PlugStatus } from '#hardware/bench/bench.ts';
import type { Procedure } from '#procedure/procedure.ts';
import type { NewAttachment } from '#record/attachment.ts';
import { applyEvent, recordOf, type RunEvent } from '#record/run-event.ts';
import type { FileRecord, RunHeader, RunRecord } from '#record/run-record.ts';
import { FakeClock } from '../base/fake-clock.ts';
import { FakeBench, type Behaviour } from './fake-bench.ts';
import { KeptFiles } from './kept-files.ts';

export interface Tried {
  readonly record: RunRecord;
  readonly events: readonly RunEvent[];
  readonly bench: FakeBench;
  readonly kept: KeptFiles;
  readonly tookMs: number;
}

export interface TryOptions {
  readonly answers?: Readonly<Record<string, string | Behaviour>>;
  readonly behave?: (plug: string, command: string) => Behaviour;
  readonly safe?: () => Promise<readonly PlugStatus[]>;
  /** Negative: before the run begins. */
  readonly stopAtMs?: number;
  readonly clock?: FakeClock;
  readonly scripts?: ScriptHost;
  /** Instead of a list in memory. */
  readonly keepFile?: (file: NewAttachment, clock: FakeClock) => Promise<FileRecord>;
  readonly unit?: Readonly<Record<string, string>>;
}

export async function tryRun(procedure: Procedure, options: TryOptions = {}): Promise<Tried> {
  const { answers = {}, clock = new FakeClock(), stopAtMs, unit = {} } = options;
  const scripts = options.scripts ? { scripts: options.scripts } : {};
  const scripted = (_: string, command: string): Behaviour => {
    const answer = answers[command] ?? '';
    return typeof answer === 'string' ? { kind: 'answer', text: answer } : answer;
  };
  const bench = new FakeBench(clock, options.behave ?? scripted, options.safe);
  const stop = new AbortController();
  if (stopAtMs !== undefined && stopAtMs < 0) stop.abort();
  else if (stopAtMs !== undefined) void clock.sleep(stopAtMs).then(() => stop.abort());
  const events: RunEvent[] = [];
  const record = recordOf({} as RunHeader);
  const emit = (event: RunEvent) => {
    events.push(event);
    applyEvent(record, event);
  };
  const kept = new KeptFiles();
  const keepFile = (file: NewAttachment) => options.keepFile?.(file, clock) ?? kept.keep(file);
  await clock.run(runProcedure({ procedure, bench, clock, unit, signal: stop.signal, keepFile, emit, ...scripts }));
  return { record, events, bench, kept, tookMs: clock.monotonicMs() };
}

/** `Name PASS` for each attempt, in order. */
export function outcomes({ record }: Tried): string[] {
  return record.phases.map(({ name, outcome }) => `${name} ${outcome}`);
}
