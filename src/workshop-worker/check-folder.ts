/**
 * Does what stands in the editor load, and could it run? By the same readers as `fieldbench check`.
 *
 * Above: main.ts. Knows nothing of where the texts come from and of how a script is compiled.
 */
import { messageOf } from '#base/fault.ts';
import type { CheckedFolder, EditedFolder, WrittenNames } from '#engine/link/editing-link.ts';
import type { Compiled, ReadSource } from '#fleet/distribution/compile-script.ts';
import { phaseScripts } from '#fleet/distribution/pack-content.ts';
import { driverFacts, driverReadings, knownDrivers } from '#hardware/instrument/drivers.ts';
import { parseBench } from '#hardware/transport/simulated/simulated-bench.ts';
import { readLabelFiles } from '#procedure/label/label-files.ts';
import { parse, parseData } from '#procedure/parse.ts';
import type { Problem, Procedure } from '#procedure/procedure.ts';
import { NO_SUCH_FILE, screenFileProblems, sizeTrouble } from '#procedure/screen-file-problems.ts';

export type CompileScript = (script: string, readSource: ReadSource) => Promise<Compiled>;

const DRIVERS = { drivers: knownDrivers, readings: driverReadings, facts: driverFacts };
const BENCH = 'bench.yaml';

export interface Checked {
  readonly said: CheckedFolder;
  readonly procedure: Procedure | null;
}

export async function checkFolder({ file, texts, others }: EditedFolder, compile: CompileScript): Promise<Checked> {
  const byPath = new Map(texts);
  const { procedure, problems } = parse(byPath.get(file) ?? '', file, { ...DRIVERS, lints: true });
  if (!procedure)
    return { procedure, said: { loads: false, runs: false, problems: [...problems], scripts: [], names: null } };
  const { scripts, problems: inScripts } = await compiled(procedure, byPath, compile);
  const sizes = new Map(others);
  const missing = await screenFileProblems(procedure, async (path) => {
    const bytes = sizes.get(path) ?? byPath.get(path)?.length;
    return bytes === undefined ? NO_SUCH_FILE : sizeTrouble(bytes);
  });
  const labels = await readLabelFiles(procedure, async (path) => bytesOf(byPath.get(path)));
  const inTheWay = [...procedure.obstacles, ...inScripts, ...missing, ...labels.problems];
  const all = [...problems, ...inTheWay, ...benchProblems(byPath.get(BENCH))];
  return {
    procedure,
    said: { loads: true, runs: inTheWay.length === 0, problems: all, scripts, names: namesOf(procedure) },
  };
}

async function compiled(procedure: Procedure, texts: ReadonlyMap<string, string>, compile: CompileScript) {
  const scripts: CheckedFolder['scripts'][number][] = [];
  const problems: Problem[] = [];
  for (const path of phaseScripts(procedure)) {
    const done = await compile(path, async (wanted) => texts.get(wanted) ?? null);
    if ('script' in done) scripts.push({ path, ...done.script });
    else problems.push({ severity: 'error', code: 'script', ...done.problem });
  }
  return { scripts, problems };
}

/** One that cannot be used is in nobody's way on real hardware. */
function benchProblems(text: string | undefined): Problem[] {
  if (text === undefined) return [];
  try {
    parseBench(parseData(text));
    return [];
  } catch (thrown) {
    const [, line = '1', column = '1'] = /^Line (\d+), column (\d+)/.exec(messageOf(thrown)) ?? [];
    const place = { file: BENCH, line: Number(line), column: Number(column) };
    const message = `${BENCH} cannot be used: ${messageOf(thrown)}`;
    return [{ severity: 'warning', code: 'bench-unreadable', message, ...place }];
  }
}

function namesOf({ plugs, parameters, phases, slots = [] }: Procedure): WrittenNames {
  return {
    plugs: plugs.map(({ key, driver }) => ({ key, driver })),
    parameters: Object.keys(parameters),
    phases: phases.map(({ key }) => key),
    measurements: [...new Set(phases.flatMap(({ measurements }) => measurements.map(({ key }) => key)))],
    slots: slots.map(({ key }) => key),
  };
}

function bytesOf(text: string | undefined): Uint8Array | null {
  return text === undefined ? null : new TextEncoder().encode(text);
}
