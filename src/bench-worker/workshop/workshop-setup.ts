/**
 * What a workshop run needs, made of texts that nobody has released: procedure, unit, scripts, labels.
 *
 * By the same readers as a release. Above: workshop-desk.ts. Knows nothing of benches and runs.
 */
import { Fault, messageOf } from '#base/fault.ts';
import { sha256 } from '#base/hash.ts';
import type { WorkshopWish } from '#engine/link/workshop-link.ts';
import type { CompiledScript } from '#fleet/distribution/script-module.ts';
import { parseBench, type SimulatedBench } from '#hardware/transport/simulated/simulated-bench.ts';
import { exampleUnit } from '#procedure/example-unit.ts';
import type { UnitIdentity } from '#procedure/identify.ts';
import { readLabelFiles } from '#procedure/label/label-files.ts';
import type { Problem, Procedure, Slot } from '#procedure/procedure.ts';
import { inSlot, slotsOf } from '#procedure/slots.ts';
import { DRIVERS } from '../parse-release.ts';

export interface WorkshopSetup {
  readonly procedure: Procedure;
  /** The first: one unit is tried. */
  readonly slot: Slot;
  readonly unit: UnitIdentity;
  /** null: the folder has no bench.yaml. */
  readonly simulatedBench: SimulatedBench | null;
  readonly scripts: ReadonlyMap<string, CompiledScript>;
  readonly labels: ReadonlyMap<string, string>;
  /** Hash of what was tried: names nothing that anybody has released. */
  readonly release: string;
}

/** @throws {Fault} why it cannot be tried */
export async function workshopSetup(wish: WorkshopWish): Promise<WorkshopSetup> {
  const texts = new Map(wish.texts);
  const { parse, parseData } = await import('#procedure/parse.ts');
  const { procedure: whole, problems } = parse(texts.get(wish.file) ?? '', wish.file, DRIVERS);
  const mistake = problems.find(({ severity }) => severity === 'error');
  if (!whole) throw unreadable(mistake);
  const [slot] = slotsOf(whole) as [Slot];
  const procedure = inSlot(whole, slot.key);
  const scripts = new Map(wish.scripts.map(({ path, code, map }) => [path, { code, map }]));
  const [obstacle] = procedure.obstacles;
  if (obstacle) throw unreadable(obstacle);
  const { texts: labels, problems: inLabels } = await readLabelFiles(procedure, async (path) => {
    const text = texts.get(path);
    return text === undefined ? null : new TextEncoder().encode(text);
  });
  if (inLabels[0]) throw unreadable(inLabels[0]);
  const unit = exampleUnit(procedure.unit, wish.serial.trim() || undefined, {}, () => 'Give it a placeholder.');
  const lines = [...texts].map(([path, text]) => `${path}\n${text}`);
  return {
    procedure: whole,
    slot,
    unit,
    simulatedBench: benchOf(texts.get('bench.yaml'), parseData),
    scripts,
    labels,
    release: await sha256(new TextEncoder().encode(lines.join('\n'))),
  };
}

function benchOf(text: string | undefined, parseData: (text: string) => unknown): SimulatedBench | null {
  if (text === undefined) return null;
  try {
    return parseBench(parseData(text));
  } catch (thrown) {
    throw new Fault('bench-unreadable', `bench.yaml cannot be used: ${messageOf(thrown)}`, 'Correct it.');
  }
}

function unreadable(problem: Problem | undefined): Fault {
  const { file, line, column, message } = problem ?? { file: 'procedure.yaml', line: 1, column: 1, message: 'empty' };
  return new Fault(
    'procedure-unreadable',
    `The procedure cannot run: ${file}, line ${line}, column ${column}: ${message}`,
    'Correct it; the editor shows the place.',
  );
}
