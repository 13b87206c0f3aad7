/**
 * A release as it is kept on this machine: parsed once, when it arrives, so that a start without a network needs no parser.
 *
 * Above: procedures.ts and releases.ts. Below: #procedure/parse.ts. Knows nothing of where a release came from.
 */
import { messageOf } from '#base/fault.ts';
import type { Compiled } from '#fleet/distribution/compile-script.ts';
import { type ParameterValues, parametersOf } from '#fleet/config/effective.ts';
import type { MergedValue } from '#fleet/config/merge.ts';
import type { OfferedProcedure } from '#fleet/distribution/manifest.ts';
import { driverFacts, driverReadings, knownDrivers } from '#hardware/instrument/drivers.ts';
import type { Problem, Procedure } from '#procedure/procedure.ts';
import type { StoredRelease } from '#storage/store/store.ts';

/** What procedures may name. */
export const DRIVERS = { drivers: knownDrivers, readings: driverReadings, facts: driverFacts };

/** What is kept of a release; a file that does not parse is kept too, so that the person can read why. */
export interface Parsed {
  /** Version of the app that parsed it: another version may read the same text differently, and parses it anew. */
  readonly by: string;
  readonly files: readonly (readonly [path: string, text: string])[];
  readonly procedure: Procedure | null;
  readonly problems: readonly Problem[];
  /** Compiled, by the author's path; absent where a version of the app kept it that knew of no scripts. */
  readonly scripts?: readonly (readonly [path: string, compiled: Compiled])[];
  /** Values of the configuration with which it was parsed, as JSON; absent: none. */
  readonly configured?: string;
}

/** Every script that is offered has come, too. */
export function hasAllScripts({ procedure }: StoredRelease, { scripts = [] }: OfferedProcedure): boolean {
  const kept = new Set((procedure as Parsed).scripts?.map(([path]) => path));
  return scripts.every(({ path }) => kept.has(path));
}

export async function parseRelease(
  offered: OfferedProcedure,
  texts: ReadonlyMap<string, string>,
  scripts: NonNullable<Parsed['scripts']>,
  parameters: ParameterValues = {},
): Promise<StoredRelease> {
  // The YAML parser is 30 kB: loaded when a release arrives, not at every start.
  const { parse, parseData } = await import('#procedure/parse.ts');
  const file = texts.has('procedure.yaml') ? 'procedure.yaml' : 'procedure.yml';
  const parsed: Parsed = {
    by: __APP_VERSION__,
    files: [...texts],
    scripts,
    ...(Object.keys(parameters).length > 0 ? { configured: JSON.stringify(parameters) } : {}),
    ...parse(texts.get(file) ?? '', file, { ...DRIVERS, parameters }),
  };
  const benchText = texts.get('bench.yaml');
  return {
    release: offered.release,
    folder: offered.folder,
    saved_at: new Date().toISOString(),
    procedure: parsed,
    bench: benchText === undefined ? null : readBench(benchText, parseData),
  };
}

/** A bench that cannot be read is kept as its error: it matters only to who wants to simulate. */
function readBench(text: string, parseData: (text: string) => unknown): unknown {
  try {
    return parseData(text);
  } catch (thrown) {
    return { unreadable: messageOf(thrown) };
  }
}

/** @returns why a procedure that is kept, and can be read, could not be read with these values any more; null when it can */
export async function misfitOf(
  { procedure }: StoredRelease,
  values: readonly MergedValue[],
  { folder, name }: Pick<OfferedProcedure, 'folder' | 'name'>,
): Promise<string | null> {
  const { files, procedure: readable } = procedure as Parsed;
  const parameters = parametersOf(values, folder);
  if (!readable || Object.keys(parameters).length === 0) return null;
  const { parse } = await import('#procedure/parse.ts');
  const texts = new Map(files);
  const file = texts.has('procedure.yaml') ? 'procedure.yaml' : 'procedure.yml';
  const read = parse(texts.get(file) ?? '', file, { ...DRIVERS, parameters });
  if (read.procedure) return null;
  const wrong = read.problems.find(({ severity }) => severity === 'error');
  return `With it ${name} could not be tested: ${wrong?.message}.`;
}
