/**
 * Units that are accepted and checked, each in its slot: runs them side by side and says what happens.
 *
 * Every line of a procedure with slots names its slot; what each run came to stands at the end, in the order of the
 * slots. Above: run.ts. Below: the engine.
 */
import { v7 as uuid } from 'uuid';
import { systemClock } from '#base/clock.ts';
import { sha256 } from '#base/hash.ts';
import type { LabelFacts } from '#engine/label/run-labels.ts';
import { planOf } from '#engine/plan-of.ts';
import { runProcedure, type RunOptions } from '#engine/run-procedure.ts';
import { runTogether } from '#engine/run-together.ts';
import { SharedPlugs } from '#engine/shared-plugs.ts';
import type { Bench, SlotBench } from '#hardware/bench/bench.ts';
import { identityOf } from '#hardware/bench/instrument-identity.ts';
import { unitValues } from '#procedure/asks.ts';
import type { UnitIdentity } from '#procedure/identify.ts';
import type { Procedure, Slot } from '#procedure/procedure.ts';
import { hasSlots, inSlot, sharedPlugs, startsTogether } from '#procedure/slots.ts';
import { instrumentRecord } from '#record/instrument.ts';
import { applyEvent, recordOf, type RunEvent } from '#record/run-event.ts';
import type { RunHeader, RunOutcome, RunRecord } from '#record/run-record.ts';
import type { CompiledScript } from '#fleet/distribution/script-module.ts';
import { toRunBody, unsendable } from '#sync/tofupilot/run-body.ts';
import type { Answers } from './answers.ts';
import { runLine } from './run-line.ts';
import { threadHost } from './script-threads.ts';
import type { Terminal } from './terminal.ts';

/** On the scheme for station names, so that the run looks like any other. */
const STATION = 'local-cli-001';

export interface Unit {
  readonly slot: Slot;
  readonly identity: UnitIdentity;
  /** The plugs of its slot, checked. */
  readonly bench: SlotBench;
}

export interface Ready {
  readonly procedure: Procedure;
  readonly scripts: ReadonlyMap<string, CompiledScript>;
  /** Texts of label files, by path. */
  readonly labels: LabelFacts['files'];
  readonly answers: Answers;
  readonly bench: Bench;
  readonly release: string;
  readonly units: readonly Unit[];
}

/** @returns what each came to */
export async function runUnits(ready: Ready, json: boolean, terminal: Terminal): Promise<RunOutcome[]> {
  const { procedure, bench, units } = ready;
  const headers = units.map((unit, index) => headerOf(ready, unit, index + 1));
  for (const header of headers) {
    const trouble = unsendable(header);
    if (trouble !== null) terminal.err(`This run stays here: ${trouble}`);
  }
  const records = headers.map((header) => recordOf(header));
  const say = (record: RunRecord, event: RunEvent) => sayEvent(event, slotOf(procedure, record), json, terminal);
  for (const [index, header] of headers.entries()) say(records[index]!, { kind: 'run-started', header });
  const options = units.map((unit, index) => optionsOf(ready, unit, records[index]!, terminal, say));
  const plugs = new SharedPlugs();
  const shared = sharedPlugs(procedure);
  if (startsTogether(procedure)) {
    const use = await plugs.enter(shared);
    const once = { procedure, bench: bench.inSlot(), use, scripts: threadHost(ready.scripts, terminal.scriptThread) };
    await runTogether(options, once);
  } else {
    const uses = await Promise.all(units.map(() => plugs.enter(shared)));
    await Promise.all(options.map((one, index) => runProcedure({ ...one, use: uses[index]! })));
  }
  for (const record of records) sayRun(record, slotOf(procedure, record), json, terminal);
  return records.map(({ outcome }) => outcome ?? 'ERROR');
}

function optionsOf(
  { procedure, scripts, answers, labels }: Ready,
  { slot, bench }: Unit,
  record: RunRecord,
  terminal: Terminal,
  say: (record: RunRecord, event: RunEvent) => void,
): RunOptions {
  return {
    procedure: inSlot(procedure, slot.key),
    slot: slot.key,
    bench,
    clock: systemClock,
    unit: unitValues(record),
    signal: terminal.stop,
    operator: answers.operator(systemClock),
    labels: { files: labels, station: record.station_id, runId: record.id },
    scripts: threadHost(scripts, terminal.scriptThread),
    keepFile: async ({ name, contentType, bytes }) => ({
      name,
      content_type: contentType,
      size: bytes.length,
      sha256: await sha256(bytes),
    }),
    emit: (event) => {
      applyEvent(record, event);
      say(record, event);
    },
  };
}

function headerOf({ procedure: base, release }: Ready, { slot, identity, bench }: Unit, seq: number): RunHeader {
  const procedure = inSlot(base, slot.key);
  return {
    id: uuid(),
    seq,
    station_id: STATION,
    slot: slot.key,
    ...identity,
    started_at: new Date(systemClock.nowMs()).toISOString(),
    procedure: {
      id: procedure.id,
      name: procedure.name,
      ...(procedure.version ? { version: procedure.version } : {}),
      release,
      development: true,
    },
    parameters: procedure.parameters,
    app_version: __APP_VERSION__,
    browser: `Node.js ${process.versions.node}`,
    fixture: bench.plugs.map(({ key, identity: answer }) => (answer ? `${key}=${answer}` : key)).join('; '),
    ...(bench.plugs.length > 0
      ? { instruments: bench.plugs.map((plug) => instrumentRecord(plug.key, identityOf(plug))) }
      : {}),
    operator: '',
    clock_offset_ms: 0,
    simulated: true,
    plan: planOf(procedure),
  };
}

/** null where there is only one. */
function slotOf(procedure: Procedure, { slot: key }: RunRecord): Slot | null {
  return hasSlots(procedure) ? (procedure.slots?.find((slot) => slot.key === key) ?? null) : null;
}

function sayEvent(event: RunEvent, slot: Slot | null, json: boolean, terminal: Terminal): void {
  const { kind, ...rest } = event;
  if (json) return terminal.out(JSON.stringify({ event: kind, ...inSlotJson(slot), ...rest }, plain));
  const line = runLine(event);
  if (line !== null) terminal.out(slot ? line.replaceAll(/^/gm, `${slot.name} | `) : line);
}

function inSlotJson(slot: Slot | null): { readonly slot?: string } {
  return slot ? { slot: slot.key } : {};
}

/** A typed array is a list in JSON too, and what is no number is null there. */
function plain(_: string, value: unknown): unknown {
  return value instanceof Float64Array ? Array.from(value) : value;
}

function sayRun(record: RunRecord, slot: Slot | null, json: boolean, terminal: Terminal): void {
  const { outcome } = record;
  if (json) terminal.out(JSON.stringify({ event: 'run', ...inSlotJson(slot), outcome, run: toRunBody(record) }));
}
