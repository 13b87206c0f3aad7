/**
 * `fieldbench check`: does the procedure load, and can it run here? Of a fleet's folder: is all of it sound?
 *
 * Above: command-line.ts. Below: load-folder.ts.
 */
import { join } from 'node:path';
import { Fault, messageOf } from '#base/fault.ts';
import type { Problem } from '#procedure/procedure.ts';
import { fleetProblems, isFleetFolder, procedureFolders } from './check-fleet.ts';
import { loadBench, loadProcedure } from './load-folder.ts';
import { loadLabels } from './load-labels.ts';
import { loadScripts } from './load-scripts.ts';
import { missingScreenFiles } from './load-screen-files.ts';
import type { Terminal } from './terminal.ts';

interface Checked {
  readonly loads: boolean;
  readonly runs: boolean;
  readonly problems: readonly Problem[];
}

export async function check(folder: string, json: boolean, terminal: Terminal): Promise<number> {
  const checked = await checkFolder(folder);
  const { loads, runs, problems } = checked;
  if (json) terminal.out(JSON.stringify(checked));
  else {
    for (const problem of problems) terminal.out(lineOf(problem));
    if (problems.some(({ code }) => code === 'old-spelling'))
      terminal.out(`fieldbench migrate ${folder} writes the words of today.`);
    terminal.out(loads ? (runs ? 'It loads and can run.' : 'It loads and cannot run here.') : 'It does not load.');
  }
  return loads ? (runs ? 0 : 1) : 2;
}

export function lineOf({ severity, code, message, file, line, column }: Problem): string {
  return `${file}:${line}:${column}: ${severity} ${code}: ${message}`;
}

export async function checkFolder(folder: string): Promise<Checked> {
  try {
    if (await isFleetFolder(folder)) return await checkFleet(folder);
    const { procedure, problems } = await loadProcedure(folder);
    if (!procedure) return { loads: false, runs: false, problems };
    const inTheWay = [
      ...procedure.obstacles,
      ...(await loadScripts(folder, procedure)).problems,
      ...(await missingScreenFiles(folder, procedure)),
      ...(await loadLabels(folder, procedure)).problems,
    ];
    const all = [...problems, ...inTheWay, ...(await benchProblems(folder))];
    return { loads: true, runs: inTheWay.length === 0, problems: all };
  } catch (thrown) {
    if (!(thrown instanceof Fault)) throw thrown;
    return { loads: false, runs: false, problems: [asProblem(thrown, 'error', 'procedure.yaml')] };
  }
}

/** What stations could not take over does not load; of its procedures the worst counts. */
async function checkFleet(folder: string): Promise<Checked> {
  const problems: Problem[] = await fleetProblems(folder);
  let [loads, runs] = [problems.length === 0, true];
  for (const path of await procedureFolders(folder)) {
    const one = await checkFolder(join(folder, path));
    loads &&= one.loads;
    runs &&= one.runs;
    problems.push(...one.problems.map((problem) => ({ ...problem, file: `${path}/${problem.file}` })));
  }
  return { loads, runs: loads && runs, problems };
}

/** A bench that cannot be used is in nobody's way on real hardware. */
async function benchProblems(folder: string): Promise<Problem[]> {
  try {
    await loadBench(folder);
    return [];
  } catch (thrown) {
    return [asProblem(thrown, 'warning', 'bench.yaml')];
  }
}

function asProblem(thrown: unknown, severity: Problem['severity'], file: string): Problem {
  const code = thrown instanceof Fault ? String(thrown.code) : 'unreadable';
  return { severity, code, message: messageOf(thrown), file, line: 1, column: 1 };
}
