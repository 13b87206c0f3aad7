/** Runs a procedure on a fake bench and gives back what happened, as events and as the record made from them. */
import { Fault } from '#base/fault.ts';
import type { LabelFacts } from '#engine/label/run-labels.ts';
import type { Operator } from '#engine/prompt/operator.ts';
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
  /** How many events there were when the emergency stop came; null when none did. */
  readonly toldBeforeCut: number | null;
}

export interface TryOptions {
  readonly answers?: Readonly<Record<string, string | Behaviour>>;
  readonly behave?: (plug: string, command: string) => Behaviour;
  readonly safe?: () => Promise<readonly PlugStatus[]>;
  /** Negative: before the run begins. */
  readonly stopAtMs?: number;
  /** The bench is cut off at that moment, as the door does it. */
  readonly emergencyAtMs?: number;
  readonly clock?: FakeClock;
  readonly scripts?: ScriptHost;
  /** Instead of a list in memory. */
  readonly keepFile?: (file: NewAttachment, clock: FakeClock) => Promise<FileRecord>;
  readonly labels?: LabelFacts;
  readonly unit?: Readonly<Record<string, string>>;
  /** Who is asked; absent: nobody. */
  readonly operator?: (clock: FakeClock) => Operator;
}

/** Longer than any instrument of these tests takes. */
const AFTERWARDS_MS = 10_000;

export async function tryRun(procedure: Procedure, options: TryOptions = {}): Promise<Tried> {
  const { answers = {}, clock = new FakeClock(), stopAtMs, emergencyAtMs, unit = {} } = options;
  const scripts = options.scripts ? { scripts: options.scripts } : {};
  const labels = options.labels ? { labels: options.labels } : {};
  const operator = options.operator ? { operator: options.operator(clock) } : {};
  const scripted = (_: string, command: string): Behaviour => {
    const answer = answers[command] ?? '';
    return typeof answer === 'string' ? { kind: 'answer', text: answer } : answer;
  };
  const bench = new FakeBench(clock, options.behave ?? scripted, options.safe);
  const stop = new AbortController();
  if (stopAtMs !== undefined && stopAtMs < 0) stop.abort();
  else if (stopAtMs !== undefined) void clock.sleep(stopAtMs).then(() => stop.abort());
  const events: RunEvent[] = [];
  let isOver = false;
  let toldBeforeCut: number | null = null;
  const emergency = new AbortController();
  if (emergencyAtMs !== undefined)
    void clock.sleep(emergencyAtMs).then(() => {
      if (isOver) return;
      toldBeforeCut = events.length;
      void bench.cutOff().catch(() => undefined);
      emergency.abort(new Fault('aborted', 'Emergency stop.', 'Look at the fixture.'));
    });
  const record = recordOf({} as RunHeader);
  const emit = (event: RunEvent) => {
    events.push(event);
    applyEvent(record, event);
  };
  const kept = new KeptFiles();
  const keepFile = (file: NewAttachment) => options.keepFile?.(file, clock) ?? kept.keep(file);
  const signals = { signal: stop.signal, emergency: emergency.signal };
  await clock.run(
    runProcedure({ procedure, bench, clock, unit, ...signals, keepFile, emit, ...scripts, ...labels, ...operator }),
  );
  isOver = true;
  const tookMs = clock.monotonicMs();
  // An answer that nobody waits for any more must find no way into a run that is over.
  await clock.advance(AFTERWARDS_MS);
  return { record, events, bench, kept, tookMs, toldBeforeCut };
}

/** `Name PASS` for each attempt, in order. */
export function outcomes({ record }: Tried): string[] {
  return record.phases.map(({ name, outcome }) => `${name} ${outcome}`);
}
