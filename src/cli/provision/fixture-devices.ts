/**
 * The USB ids that a fleet's procedures reach, by the interface of the browser that reaches them.
 *
 * Above: provision.ts. Below: the loader of procedures. Knows nothing of policies and rules.
 */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Fault } from '#base/fault.ts';
import type { Procedure } from '#procedure/procedure.ts';
import { benchPlugs } from '#procedure/slots.ts';
import type { Step } from '#procedure/step.ts';
import { loadProcedure } from '../load-folder.ts';
import { provisionFault } from './provision-fault.ts';

/** `0403:6001`, or `2a8d:*` for all of a vendor; sorted, each once. */
export interface FixtureDevices {
  /** Web Serial on a computer: the system's driver keeps the adapter. */
  readonly serial: readonly string[];
  /** WebUSB everywhere: the page drives the device itself. */
  readonly usb: readonly string[];
  /** Folders of the procedures that were read. */
  readonly procedures: readonly string[];
}

/**
 * @param only folder of the one procedure that the station runs; absent: all of the fleet
 * @param scanners USB ids of barcode scanners on serial ports, which no procedure names
 * @throws {Fault} `fleet-missing`, `procedure-unknown`, `procedure-broken`
 */
export async function fixtureDevices(
  fleet: string,
  only: string | undefined,
  scanners: readonly string[],
): Promise<FixtureDevices> {
  const procedures = await procedureFolders(fleet, only);
  const serial = new Set(scanners);
  const usb = new Set<string>();
  for (const folder of procedures) {
    const procedure = await procedureIn(join(fleet, 'procedures', folder), folder);
    for (const [wire, id] of idsOf(procedure)) (wire === 'serial' ? serial : usb).add(id);
  }
  return { serial: sorted(serial), usb: sorted(usb), procedures };
}

async function procedureFolders(fleet: string, only: string | undefined): Promise<string[]> {
  const root = join(fleet, 'procedures');
  const entries = await readdir(root, { withFileTypes: true }).catch((cause: unknown) => {
    throw provisionFault(
      'fleet-missing',
      `There is no folder ${root}.`,
      'Name the folder that FLEET_DIR names.',
      cause,
    );
  });
  const names = entries.filter((entry) => entry.isDirectory() && !entry.name.startsWith('.')).map(({ name }) => name);
  if (only === undefined) return names.toSorted();
  if (names.includes(only)) return [only];
  const there = names.length > 0 ? `There are: ${names.toSorted().join(', ')}.` : 'There is none at all.';
  throw provisionFault('procedure-unknown', `The fleet has no procedure in a folder “${only}”.`, there);
}

/** A procedure that does not load would leave its fixture without a grant, and nobody would know. */
async function procedureIn(path: string, folder: string): Promise<Procedure> {
  const remedy = `“fieldbench check ${path}” says more. Correct it, or name the one procedure with --procedure.`;
  try {
    const { procedure, problems } = await loadProcedure(path);
    if (procedure) return procedure;
    const { line, column, message } = problems.find(({ severity }) => severity === 'error') ?? problems[0]!;
    throw provisionFault('procedure-broken', `${folder}, line ${line}, column ${column}: ${message}`, remedy);
  } catch (thrown) {
    if (thrown instanceof Fault && thrown.code === 'no-procedure')
      throw provisionFault('procedure-broken', `${folder} holds no procedure.yaml.`, remedy, thrown);
    throw thrown;
  }
}

type Wire = 'serial' | 'usb';

/** Those of all plugs, in every slot, and those as which a device may come back after a reboot. */
function* idsOf(procedure: Procedure): Generator<readonly [Wire, string]> {
  const wires = new Map<string, Wire>();
  for (const { key, resource } of [...procedure.plugs, ...benchPlugs(procedure)]) {
    if (!resource) continue;
    const wire: Wire = resource.kind === 'serial' ? 'serial' : 'usb';
    wires.set(key, wire);
    for (const id of resource.usb) yield [wire, id];
  }
  for (const { steps } of procedure.phases)
    for (const step of steps) for (const [plug, id] of rebootIds(step)) yield [wires.get(plug) ?? 'serial', id];
}

function* rebootIds(step: Step): Generator<readonly [plug: string, id: string]> {
  if (step.kind === 'expect-reboot') for (const id of step.as?.usb ?? []) yield [step.plug, id];
  if ('steps' in step) for (const inner of step.steps) yield* rebootIds(inner);
}

function sorted(ids: ReadonlySet<string>): string[] {
  return [...ids].toSorted();
}
