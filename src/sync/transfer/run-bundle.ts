/**
 * Runs in a signed bag: made from the exact sealed bytes, opened and checked run by run.
 *
 * Above it: export, inspection and import. Below it: bag.ts. Knows nothing of stores.
 */
import { type Bag, hashOf, packBag, type Signer } from '#sync/transfer/bag.ts';
import { type BundledFile, readFiles, runOfFile, writeFiles } from '#sync/transfer/bundled-files.ts';
import { readRun, type RunFacts } from '#sync/transfer/run-shape.ts';
import { problem, transferFault, type TransferProblem } from '#sync/transfer/transfer-fault.ts';
import type { Bytes } from '#sync/transfer/zip.ts';

export interface BundledRun {
  readonly id: string;
  readonly seq: number;
  readonly body: string;
  readonly files?: readonly BundledFile[];
}

export interface ReadRun extends RunFacts {
  /** The exact text to send. */
  readonly body: string;
  /** Of the exact bytes, 64 hexadecimal digits. */
  readonly hash: string;
  readonly files: readonly BundledFile[];
}

export interface TransferFile {
  readonly name: string;
  readonly bytes: Bytes;
  readonly runs: number;
}

const RUN_FILE = /^runs\/(.+)\.json$/;

/** @param runs at least one, any order */
export async function makeRunBundle(
  station: string,
  runs: readonly BundledRun[],
  signer: Signer,
  madeAt: string,
): Promise<TransferFile> {
  const bySeq = runs.toSorted((a, b) => a.seq - b.seq);
  const [first, last] = [bySeq.at(0), bySeq.at(-1)];
  if (!first || !last) throw transferFault('nothing', 'There is no run to export: every one has been delivered.');
  const payload = new Map<string, Bytes>(
    bySeq.flatMap(({ id, body, files = [] }) => [
      [`runs/${id}.json`, new TextEncoder().encode(body)],
      ...writeFiles(id, files),
    ]),
  );
  const facts = { kind: 'runs', station, madeAt, firstSeq: first.seq, lastSeq: last.seq, runs: runs.length } as const;
  return {
    name: `${fileName(station)}-${first.seq}-${last.seq}.fieldbench`,
    bytes: await packBag(facts, payload, signer),
    runs: runs.length,
  };
}

/** Sound runs by their number, each with all of its files; each other file of the payload is a problem. */
export async function readRunBundle(bag: Bag): Promise<{ runs: ReadRun[]; problems: TransferProblem[] }> {
  const runs: ReadRun[] = [];
  const problems: TransferProblem[] = [];
  const unsound = new Set(bag.problems.map(({ run }) => run));
  for (const [path, bytes] of bag.payload) {
    const [, id] = RUN_FILE.exec(path) ?? [];
    if (id === undefined) {
      const owner = runOfFile(path);
      if (owner !== undefined && (unsound.has(owner) || bag.payload.has(`runs/${owner}.json`))) continue;
      problems.push(problem('stray', `${path} is no run: this version of the app does not know what it is.`));
      continue;
    }
    // One of its files is missing or altered: the run waits for a better copy with all of them.
    if (unsound.has(id)) continue;
    const read = readRun(bytes);
    const files = await readFiles(id, bag.payload);
    if (typeof read === 'string') problems.push(problem('shape', `Run ${id} ${read}.`, id));
    else if (read.facts.id !== id) problems.push(problem('shape', `Run ${id} carries the name of another run.`, id));
    else if (read.facts.station !== bag.facts.station)
      problems.push(problem('foreign', `Run ${id} is not of ${bag.facts.station}: ${read.facts.station} made it.`, id));
    else if (typeof files === 'string') problems.push(problem('shape', `Run ${id} ${files}.`, id));
    else runs.push({ ...read.facts, body: read.body, hash: await hashOf(bytes), files });
  }
  const { runs: count } = bag.facts;
  const named = new Set([...bag.problems, ...problems].map(({ run }) => run).filter((run) => run !== undefined));
  const isCounted = bag.problems.some(({ code }) => code === 'count');
  if (!isCounted && runs.length + named.size !== count)
    problems.push(problem('count', `The file says that it holds ${count} runs; ${runs.length} are here and sound.`));
  return { runs: runs.toSorted((a, b) => a.seq - b.seq), problems };
}

/** Whatever a station is called, its file can be kept on any disk. */
export function fileName(station: string): string {
  return station.replaceAll(/[^\w.-]+/g, '-');
}
