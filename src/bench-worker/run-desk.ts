/**
 * From a scan to a sealed run: accept or refuse, run, keep, tell.
 *
 * The one place where engine and storage meet. A refusal touches nothing: no run, no sequence number, no command on
 * the wire. Whatever happens after acceptance ends as a sealed run, or is closed as one at the next start.
 */
import { v7 as uuid } from 'uuid';
import type { Clock } from '#base/clock.ts';
import { Fault, messageOf } from '#base/fault.ts';
import type { Turns } from '#base/turns.ts';
import type { StationNews, Word } from '#engine/link/station-link.ts';
import { planOf } from '#engine/plan-of.ts';
import { runProcedure } from '#engine/run-procedure.ts';
import type { ScriptHost } from '#engine/script/script-host.ts';
import type { Bench, PlugStatus } from '#hardware/bench/bench.ts';
import { unitValues, withAnswers } from '#procedure/asks.ts';
import { identify, type UnitIdentity } from '#procedure/identify.ts';
import type { Procedure } from '#procedure/procedure.ts';
import { applyEvent, recordOf, type RunEvent } from '#record/run-event.ts';
import type { RunHeader } from '#record/run-record.ts';
import { createJournalWriter } from '#storage/store/journal-writer.ts';
import type { Store } from '#storage/store/store.ts';
import { toRunBody, unsendable } from '#sync/tofupilot/run-body.ts';
import { NO_FACTS, type RunFacts } from './front-desk.ts';
import type { StationClock } from './station-clock.ts';
import type { View } from './view.ts';

export interface Setup {
  readonly procedure: Procedure;
  readonly release: string;
  readonly development: boolean;
  readonly simulated: boolean;
  readonly bench: Bench;
  /** A new one for each run; absent: the procedure has no scripts. */
  readonly scripts?: () => ScriptHost;
  /** Tells a simulated bench which unit is on it. */
  readonly place: (serial: string) => void;
}

export interface RunDeskOptions {
  readonly store: Store;
  readonly view: View;
  readonly clock: Clock;
  readonly tell: (news: StationNews) => void;
  readonly setup: () => Setup | Word;
  readonly stationClock: Pick<StationClock, 'offsetMs' | 'obstacle' | 'note' | 'watch'>;
  /** Name and version of the browser. */
  readonly browser: string;
  readonly onSealed: () => void;
  /** Waits for what may not overlap with a run, such as a change of procedure. */
  readonly turns: Turns;
}

/** What a person may press while a run is under way. */
interface Person {
  readonly signal: AbortSignal;
  readonly emergency: AbortSignal;
}

export class RunDesk {
  readonly #options: RunDeskOptions;
  #stop: AbortController | undefined;
  #emergency: AbortController | undefined;
  #closed = false;

  constructor(options: RunDeskOptions) {
    this.#options = options;
  }

  get busy(): boolean {
    return this.#stop !== undefined;
  }

  /** From now on nothing is started: the page is about to reload. @returns false while a run is under way */
  close(): boolean {
    if (this.busy) return false;
    this.#closed = true;
    return true;
  }

  stop(): void {
    this.#stop?.abort(new Fault('aborted', 'A person stopped the run.', 'Scan the next unit.'));
  }

  /** The bench has cut its wires: the run ends at once, and its teardown with it. */
  cut(): void {
    const fault = new Fault(
      'aborted',
      'A person pressed emergency stop.',
      'Look at the fixture before you reach into it.',
    );
    this.#emergency?.abort(fault);
    this.#stop?.abort(fault);
  }

  /** @returns false when no notice was taken of it */
  async start(scan: string, facts: RunFacts = NO_FACTS): Promise<boolean> {
    // Taken before the first await: a second scan in the same moment must not start a second run.
    if (this.busy || this.#closed) return false;
    const stop = (this.#stop = new AbortController());
    const emergency = (this.#emergency = new AbortController());
    const person = { signal: stop.signal, emergency: emergency.signal };
    try {
      await this.#options.turns.take(() => this.#startWith(scan, facts, person));
    } catch (thrown) {
      this.#options.view.notice(brokenWord(thrown));
    } finally {
      this.#stop = this.#emergency = undefined;
      this.#options.view.change({ running: false });
    }
    return true;
  }

  async #startWith(scan: string, facts: RunFacts, person: Person): Promise<void> {
    const { view, setup, stationClock } = this.#options;
    view.change({ refusal: null, running: true });
    const ready = stationClock.obstacle() ?? setup();
    if ('code' in ready) return view.refuse(ready);
    const scanned = identify(scan, ready.procedure.unit);
    if ('code' in scanned) return view.refuse(scanned);
    const unit = withAnswers(scanned, facts.answers);
    const unwelcome = unsendable({ ...unit, procedure: named(ready.procedure) });
    if (unwelcome)
      return view.refuse({
        code: 'cannot-be-delivered',
        message: unwelcome,
        remedy: 'Correct the serial number or the procedure, and scan again.',
      });
    ready.place(unit.serial_number);
    const [unusable] = await ready.bench.check(person.signal);
    if (unusable) return view.refuse(plugWord(unusable));
    let header: RunHeader;
    try {
      header = await this.#options.store.beginRun(this.#headerOf(ready, unit, facts));
    } catch (thrown) {
      return view.refuse(storageWord(thrown));
    }
    await this.#run(ready, header, person);
  }

  async #run({ procedure, bench, scripts }: Setup, header: RunHeader, person: Person): Promise<void> {
    const { store, clock, stationClock, tell, onSealed } = this.#options;
    const jumped = stationClock.watch();
    const record = recordOf(header);
    tell({ kind: 'run', events: [{ kind: 'run-started', header }] });
    const events: RunEvent[] = [];
    let kept = 0;
    const writer = createJournalWriter(store, header.id, (batch) => {
      kept += batch.length;
      tell({ kind: 'run', events: batch });
    });
    const note = (event: RunEvent | null) => {
      if (!event) return;
      applyEvent(record, event);
      events.push(event);
      // The end is kept back: it is written together with the sealed body, so that no run is ended but not queued.
      if (event.kind !== 'run-ended') writer.write(event).catch(() => {});
    };
    await runProcedure({
      procedure,
      bench,
      clock,
      unit: unitValues(header),
      ...person,
      ...(scripts ? { scripts: scripts() } : {}),
      keepFile: (file) => store.addAttachment(header.id, file),
      emit: (event) => {
        if (event.kind === 'run-ended') note(clockLog(jumped(), event.at_ms));
        note(event);
      },
    });
    // What the journal could not take, on a disk that was full for a moment, goes with the seal.
    await writer.flush().catch(() => {});
    const last = events.slice(kept);
    await store.seal(header.id, last, record, JSON.stringify(toRunBody(record)));
    // Only now is it on disk, and only now may a person see the verdict.
    tell({ kind: 'run', events: last });
    tell({ kind: 'sealed', id: header.id });
    onSealed();
  }

  #headerOf(setup: Setup, unit: UnitIdentity, facts: RunFacts): Omit<RunHeader, 'seq'> {
    const { clock, view, stationClock } = this.#options;
    const clockNote = stationClock.note();
    const { procedure, release, development, simulated, bench } = setup;
    return {
      id: uuid(),
      station_id: view.current.station,
      slot: '1',
      ...unit,
      started_at: new Date(clock.nowMs()).toISOString(),
      procedure: { ...named(procedure), release, development },
      parameters: procedure.parameters,
      app_version: __APP_VERSION__,
      browser: this.#options.browser,
      fixture: bench.plugs.map(({ key, identity }) => (identity ? `${key}=${identity}` : key)).join('; '),
      ...facts.header,
      clock_offset_ms: stationClock.offsetMs,
      ...(clockNote ? { clock_note: clockNote } : {}),
      simulated,
      plan: planOf(procedure),
    };
  }
}

function clockLog(message: string | undefined, atMs: number): RunEvent | null {
  if (message === undefined) return null;
  return {
    kind: 'log',
    log: { level: 'WARNING', at_ms: atMs, message, source_file: 'station', line_number: 0 },
  };
}

/** A procedure without a version has none, not an empty one. */
function named({ id, name, version }: Procedure): { id: string; name: string; version?: string } {
  return { id, name, ...(version ? { version } : {}) };
}

function plugWord({ name, state, message, remedy }: PlugStatus): Word {
  return { code: `fixture-${state}`, message: message || `${name} is ${state}.`, remedy };
}

function storageWord(thrown: unknown): Word {
  const fault = thrown instanceof Fault ? thrown : null;
  return {
    code: `storage-${fault?.code ?? 'failed'}`,
    message: `The run was not started: ${messageOf(thrown)}`,
    remedy: fault?.remedy ?? 'Reload the page; if this stays, use another station.',
  };
}

function brokenWord(thrown: unknown): Word & { tone: 'error' } {
  return {
    code: 'run-not-kept',
    tone: 'error',
    message: `The last run could not be kept on disk: ${messageOf(thrown)}`,
    remedy: 'Test this unit again. What was measured is closed as ERROR at the next start.',
  };
}
