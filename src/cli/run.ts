/**
 * `fieldbench run`: a run without a browser, or one in each slot, by the same engine on the same simulated bench, or
 * against what went over the wires of an earlier run.
 *
 * A door: joins procedure, bench and engine, keeps nothing and sends nothing. Above: command-line.ts. Below:
 * run-units.ts.
 */
import { systemClock } from '#base/clock.ts';
import { Fault } from '#base/fault.ts';
import type { Bench } from '#hardware/bench/bench.ts';
import { createBench } from '#hardware/bench/create-bench.ts';
import type { SimulatedBench } from '#hardware/transport/simulated/simulated-bench.ts';
import type { WireRecording } from '#hardware/transport/wire-recording.ts';
import { everyAsk, type Answers as UnitAnswers } from '#procedure/asks.ts';
import { exampleUnit } from '#procedure/example-unit.ts';
import type { UnitIdentity } from '#procedure/identify.ts';
import type { Procedure, Slot, UnitFields } from '#procedure/procedure.ts';
import { benchPlugs, hasSlots, inSlot, slotsOf } from '#procedure/slots.ts';
import type { RunOutcome } from '#record/run-record.ts';
import { Answers } from './answers.ts';
import { loadBench, loadProcedure, releaseOf } from './load-folder.ts';
import { loadLabels } from './load-labels.ts';
import { loadRecordings } from './load-recordings.ts';
import { loadScripts } from './load-scripts.ts';
import { missingScreenFiles } from './load-screen-files.ts';
import { runUnits, type Ready, type Unit } from './run-units.ts';
import type { Options, Terminal } from './terminal.ts';

const EXIT_CODES: Readonly<Record<RunOutcome, number>> = { PASS: 0, FAIL: 1, ERROR: 2, TIMEOUT: 3, ABORTED: 4 };
/** Refused before the unit was touched; `sysexits.h` calls it EX_DATAERR. */
const REFUSED = 65;

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
  const outcomes = await runUnits(ready, options.json, terminal);
  await ready.bench.close();
  return Math.max(...outcomes.map((outcome) => EXIT_CODES[outcome]));
}

/** Everything that can refuse a run, before a unit is touched. @throws {Fault} */
async function prepare(folder: string, options: Options, terminal: Terminal): Promise<Ready> {
  const { procedure, scripts, labels } = await runnable(folder, terminal);
  const answers = await Answers.load(folder, options.answers, procedure);
  answers.check();
  const simulated = await loadBench(folder, options.bench, options.seed);
  const recordings = await loadRecordings(procedure, options.wires ?? {});
  if (!simulated && recordings.size < procedure.plugs.length)
    terminal.err('There is no bench.yaml: instruments answer as their class does, and no other query is answered.');
  const placed = identified(procedure, options.serials, options.unit ?? {});
  const bench = benchOf(procedure, simulated, recordings, terminal);
  const units: Unit[] = [];
  for (const { slot, identity } of placed) {
    simulated?.setUnit(identity.serial_number, hasSlots(procedure) ? slot.key : undefined);
    const own = bench.inSlot(hasSlots(procedure) ? slot.key : undefined);
    const [unusable] = await own.check(terminal.stop);
    if (unusable) {
      await bench.close();
      const { state, name, message, remedy } = unusable;
      throw new Fault(`fixture-${state}`, message || `${name} is ${state}.`, remedy);
    }
    units.push({ slot, identity, bench: own });
  }
  return { procedure, scripts, labels, answers, bench, release: await releaseOf(folder), units };
}

async function runnable(folder: string, terminal: Terminal): Promise<Pick<Ready, 'procedure' | 'scripts' | 'labels'>> {
  const { procedure, problems } = await loadProcedure(folder);
  for (const { severity, message, file, line, column } of problems)
    terminal.err(`${file}:${line}:${column}: ${severity}: ${message}`);
  const [first] = problems.filter(({ severity }) => severity === 'error');
  if (!procedure) {
    const where = first ? ` ${first.file}, line ${first.line}, column ${first.column}: ${first.message}` : '';
    throw new Fault('procedure-unreadable', `The procedure does not load.${where}`, 'Correct the file.');
  }
  const { scripts, problems: inScripts } = await loadScripts(folder, procedure);
  const { texts: labels, problems: inLabels } = await loadLabels(folder, procedure);
  const inFiles = [...inScripts, ...inLabels];
  const [obstacle] = [...procedure.obstacles, ...inFiles, ...(await missingScreenFiles(folder, procedure))];
  if (!obstacle) return { procedure, scripts, labels };
  const { file, line, column } = obstacle;
  const where = inFiles.includes(obstacle) ? `${file}, line ${line}, column ${column}: ` : '';
  const message = `${procedure.name} cannot run here: ${where}${obstacle.message}`;
  throw new Fault(obstacle.code, message, 'fieldbench check lists everything that is in the way.');
}

/** @throws {Fault} `too-many-units`, `unit-in-slot`, and what is wrong with a serial number */
function identified(
  procedure: Procedure,
  serials: readonly string[] | undefined,
  said: UnitAnswers,
): { readonly slot: Slot; readonly identity: UnitIdentity }[] {
  const scans = serials ?? [undefined];
  const slots = slotsOf(procedure);
  if (scans.length > slots.length) {
    const message = `${scans.length} units were named, and ${procedure.name} has ${slots.length === 1 ? 'one slot' : `${slots.length} slots`}.`;
    throw new Fault('too-many-units', message, 'Name one unit a slot.');
  }
  const placed = scans.map((scan, index) => {
    const slot = slots[index]!;
    const { unit } = inSlot(procedure, slot.key);
    demandKnown(unit, said);
    return { slot, identity: exampleUnit(unit, scan, said, howToSay) };
  });
  const known = new Map<string, Slot>();
  for (const { slot, identity } of placed) {
    const serial = identity.serial_number;
    const twin = known.get(serial.toUpperCase());
    if (twin) throw new Fault('unit-in-slot', `${serial} is in slot “${twin.name}” already.`, 'Name each unit once.');
    known.set(serial.toUpperCase(), slot);
  }
  return placed;
}

function benchOf(
  procedure: Procedure,
  simulatedBench: SimulatedBench | null,
  recordings: ReadonlyMap<string, WireRecording>,
  terminal: Terminal,
): Bench {
  return createBench({
    plugs: benchPlugs(procedure),
    ports: null,
    simulatedBench,
    simulated: true,
    recordings,
    clock: systemClock,
    onPrinted: (key, label) => terminal.err(`${key} printed:\n${label}`),
    onUnknownQuery: (key, query) => terminal.err(`The bench has no answer for ${key}: ${query}`),
  });
}

function refuse({ code, message, remedy }: Fault, json: boolean, terminal: Terminal): number {
  terminal.err(`Refused (${code}): ${message} ${remedy}`);
  if (json) terminal.out(JSON.stringify({ event: 'refusal', code, message, remedy }));
  return REFUSED;
}

/** @throws {Fault} `answer-unknown` */
function demandKnown(fields: UnitFields, said: UnitAnswers): void {
  const known = everyAsk(fields);
  const stranger = Object.keys(said).find((key) => !known.some((ask) => ask.key === key));
  if (stranger === undefined) return;
  const names = known.filter(({ kind }) => kind !== 'number').map(({ key }) => key);
  const remedy = names.length > 0 ? `It knows ${names.join(', ')}.` : 'It has neither sub-units nor metadata.';
  throw new Fault('answer-unknown', `The procedure does not ask for ${stranger}.`, remedy);
}

function howToSay(key: string): string {
  const [room, name] = [key.slice(0, key.indexOf('.')), key.slice(key.indexOf('.') + 1)];
  return `Say it: ${room === 'sub_units' ? `--sub-unit ${name}=SN` : `--${key.replace('_number', '')} NUMBER`}.`;
}
