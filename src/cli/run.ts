/**
 * `fieldbench run --simulated`: one run without a browser, by the same engine on the same simulated bench.
 *
 * A door: joins procedure, bench and engine, keeps nothing and sends nothing. Above: command-line.ts.
 */
import { v7 as uuid } from 'uuid';
import { systemClock } from '#base/clock.ts';
import { Fault } from '#base/fault.ts';
import { sha256 } from '#base/hash.ts';
import { planOf } from '#engine/plan-of.ts';
import { runProcedure } from '#engine/run-procedure.ts';
import type { Bench } from '#hardware/bench/bench.ts';
import { createBench } from '#hardware/bench/create-bench.ts';
import type { SimulatedBench } from '#hardware/transport/simulated/simulated-bench.ts';
import { unitValues } from '#procedure/asks.ts';
import type { UnitIdentity } from '#procedure/identify.ts';
import type { Procedure } from '#procedure/procedure.ts';
import { applyEvent, recordOf, type RunEvent } from '#record/run-event.ts';
import type { RunHeader, RunOutcome, RunRecord } from '#record/run-record.ts';
import type { CompiledScript } from '#fleet/distribution/script-module.ts';
import { toRunBody, unsendable } from '#sync/tofupilot/run-body.ts';
import { loadBench, loadProcedure, releaseOf } from './load-folder.ts';
import { loadScripts } from './load-scripts.ts';
import { runLine } from './run-line.ts';
import { threadHost } from './script-threads.ts';
import type { Options, Terminal } from './terminal.ts';
import { unitOf } from './unit-of.ts';

const EXIT_CODES: Readonly<Record<RunOutcome, number>> = { PASS: 0, FAIL: 1, ERROR: 2, TIMEOUT: 3, ABORTED: 4 };
/** Refused before the unit was touched; `sysexits.h` calls it EX_DATAERR. */
const REFUSED = 65;
/** On the scheme for station names, so that the run looks like any other. */
const STATION = 'local-cli-001';

const STOPPED = new Fault('stopped', 'It was stopped before the run began.', 'Start it again.');

export async function run(folder: string, options: Options, terminal: Terminal): Promise<number> {
  let ready: Ready;
  try {
    ready = await prepare(folder, options, terminal);
  } catch (thrown) {
    if (terminal.stop.aborted) return refuse(STOPPED, options.json, terminal);
    if (!(thrown instanceof Fault)) throw thrown;
    return refuse(thrown, options.json, terminal);
  }
  const record = recordOf(ready.header);
  const say = (event: RunEvent) => sayEvent(event, options.json, terminal);
  say({ kind: 'run-started', header: ready.header });
  await runProcedure({
    procedure: ready.procedure,
    bench: ready.bench,
    clock: systemClock,
    unit: unitValues(ready.header),
    signal: terminal.stop,
    scripts: threadHost(ready.scripts, terminal.scriptThread),
    keepFile: async ({ name, contentType, bytes }) => ({
      name,
      content_type: contentType,
      size: bytes.length,
      sha256: await sha256(bytes),
    }),
    emit: (event) => {
      applyEvent(record, event);
      say(event);
    },
  });
  await ready.bench.close();
  sayRun(record, options.json, terminal);
  return EXIT_CODES[record.outcome ?? 'ERROR'];
}

interface Ready {
  readonly procedure: Procedure;
  readonly scripts: ReadonlyMap<string, CompiledScript>;
  readonly bench: Bench;
  readonly header: RunHeader;
}

/** Everything that can refuse a run, before the unit is touched. @throws {Fault} */
async function prepare(folder: string, options: Options, terminal: Terminal): Promise<Ready> {
  const { procedure, scripts } = await runnable(folder, terminal);
  const simulated = await loadBench(folder, options.bench, options.seed);
  if (!simulated) terminal.err('There is no bench.yaml: no query will be answered.');
  const unit = unitOf(procedure.unit, options.serial, options.answers ?? {});
  const bench = await readyBench(procedure, simulated, unit, terminal);
  const header = headerOf(procedure, unit, bench, await releaseOf(folder));
  const trouble = unsendable(header);
  if (trouble !== null) terminal.err(`This run stays here: ${trouble}`);
  return { procedure, scripts, bench, header };
}

async function runnable(folder: string, terminal: Terminal): Promise<Pick<Ready, 'procedure' | 'scripts'>> {
  const { procedure, problems } = await loadProcedure(folder);
  for (const { severity, message, file, line, column } of problems)
    terminal.err(`${file}:${line}:${column}: ${severity}: ${message}`);
  const [first] = problems.filter(({ severity }) => severity === 'error');
  if (!procedure) {
    const where = first ? ` ${first.file}, line ${first.line}, column ${first.column}: ${first.message}` : '';
    throw new Fault('procedure-unreadable', `The procedure does not load.${where}`, 'Correct the file.');
  }
  const { scripts, problems: inScripts } = await loadScripts(folder, procedure);
  const [obstacle] = [...procedure.obstacles, ...inScripts];
  if (!obstacle) return { procedure, scripts };
  const { file, line, column } = obstacle;
  const where = inScripts.includes(obstacle) ? `${file}, line ${line}, column ${column}: ` : '';
  const message = `${procedure.name} cannot run here: ${where}${obstacle.message}`;
  throw new Fault(obstacle.code, message, 'fieldbench check lists everything that is in the way.');
}

async function readyBench(
  { plugs }: Procedure,
  simulatedBench: SimulatedBench | null,
  unit: UnitIdentity,
  terminal: Terminal,
): Promise<Bench> {
  const onUnknownQuery = (key: string, query: string) => terminal.err(`The bench has no answer for ${key}: ${query}`);
  const bench = createBench({
    plugs,
    ports: null,
    simulatedBench,
    simulated: true,
    clock: systemClock,
    onUnknownQuery,
  });
  simulatedBench?.setUnit(unit.serial_number);
  const [unusable] = await bench.check(terminal.stop);
  if (!unusable) return bench;
  await bench.close();
  const { state, name, message, remedy } = unusable;
  throw new Fault(`fixture-${state}`, message || `${name} is ${state}.`, remedy);
}

function headerOf(procedure: Procedure, unit: UnitIdentity, bench: Bench, release: string): RunHeader {
  return {
    id: uuid(),
    seq: 1,
    station_id: STATION,
    slot: '1',
    ...unit,
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
    fixture: bench.plugs.map(({ key, identity }) => (identity ? `${key}=${identity}` : key)).join('; '),
    operator: '',
    clock_offset_ms: 0,
    simulated: true,
    plan: planOf(procedure),
  };
}

function refuse({ code, message, remedy }: Fault, json: boolean, terminal: Terminal): number {
  terminal.err(`Refused (${code}): ${message} ${remedy}`);
  if (json) terminal.out(JSON.stringify({ event: 'refusal', code, message, remedy }));
  return REFUSED;
}

function sayEvent(event: RunEvent, json: boolean, terminal: Terminal): void {
  const { kind, ...rest } = event;
  const line = json ? JSON.stringify({ event: kind, ...rest }, plain) : runLine(event);
  if (line !== null) terminal.out(line);
}

/** A typed array is a list in JSON too, and what is no number is null there. */
function plain(_: string, value: unknown): unknown {
  return value instanceof Float64Array ? Array.from(value) : value;
}

function sayRun(record: RunRecord, json: boolean, terminal: Terminal): void {
  if (json) terminal.out(JSON.stringify({ event: 'run', outcome: record.outcome, run: toRunBody(record) }));
}
