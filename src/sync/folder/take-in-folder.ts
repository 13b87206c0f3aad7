/**
 * Takes in every transfer file of a folder: a stick with files of other stations, or the copies of this one's own runs.
 *
 * A copy of a run that is here already is known by its name and not opened. What is wrong with one file stops no other.
 * Above it: the bench worker. Knows nothing of how a folder is picked.
 */
import { Fault, messageOf } from '#base/fault.ts';
import { readCopyName } from '#sync/folder/copy-name.ts';
import type { CopyFolder } from '#sync/folder/folder-ports.ts';
import { inspect } from '#sync/transfer/inspect.ts';
import { type RunResult, takeInspected, type TakeInOptions, type TakenIn } from '#sync/transfer/take-in.ts';
import { problem, type TransferProblem } from '#sync/transfer/transfer-fault.ts';
import { MOST_BYTES } from '#sync/transfer/zip.ts';

export interface TakenFolder {
  readonly folder: string;
  /** Transfer files in it, opened or not. */
  readonly files: number;
  readonly counts: Readonly<Record<RunResult, number>>;
  readonly stations: readonly string[];
  /** Keys that a person has to compare first; their files were left aside. */
  readonly questions: readonly { readonly station: string; readonly fingerprint: string }[];
  /** Each with the name of its file in the sentence. */
  readonly problems: readonly TransferProblem[];
}

const ENDING = /\.fieldbench(\.txt)?$/;

/** @throws {Fault} of the folder, when it cannot be read at all */
export async function takeInFolder(folder: CopyFolder, options: TakeInOptions): Promise<TakenFolder> {
  const names = (await folder.names()).filter((name) => ENDING.test(name)).sort(byNumber);
  const here = await alreadyHere(names, options);
  const counts = { new: 0, delivered: 0, known: here.size, foreign: 0, damaged: 0 };
  const stations = new Set<string>();
  const questions = new Map<string, { station: string; fingerprint: string }>();
  const problems: TransferProblem[] = [];
  const accepted = new Set(options.acceptedKeys);
  for (const name of names.filter((each) => !here.has(each))) {
    const taken = await takeFile(folder, name, options, accepted);
    if ('code' in taken) {
      problems.push(taken);
      continue;
    }
    const { station, fingerprint, refusal } = taken;
    stations.add(station);
    if (refusal?.code === 'other-key') questions.set(`${station} ${fingerprint}`, { station, fingerprint });
    else if (refusal) problems.push(named(name, refusal));
    for (const { result } of taken.runs) counts[result] += 1;
    problems.push(...taken.problems.filter(({ code }) => code !== 'late').map((each) => named(name, each)));
  }
  const files = names.length;
  return {
    folder: folder.name,
    files,
    counts,
    stations: [...stations].sort(),
    questions: [...questions.values()],
    problems,
  };
}

async function takeFile(
  folder: CopyFolder,
  name: string,
  options: TakeInOptions,
  accepted: Set<string>,
): Promise<TakenIn | TransferProblem> {
  try {
    if ((await folder.size(name)) > MOST_BYTES)
      return problem('too-large', `${name} is larger than any station can open.`);
    const inspection = await inspect(await folder.read(name));
    // In one folder lie files from before and after a station's key was made anew: one that was believed stays believed.
    const known = await options.carried.keyOf(inspection.facts.station);
    if (known !== undefined) accepted.add(known);
    return await takeInspected(inspection, { ...options, acceptedKeys: accepted });
  } catch (thrown) {
    const { code, remedy } = thrown instanceof Fault ? (thrown as Fault<TransferProblem['code']>) : FAILED;
    return { code, message: `${name}: ${messageOf(thrown)}`, remedy };
  }
}

const FAILED = { code: 'unreadable', remedy: 'Copy this file again, and open the folder once more.' } as const;

/** Names of copies whose runs this store has, with their bytes, or has delivered. */
async function alreadyHere(names: readonly string[], { own, lost, carried }: TakeInOptions): Promise<Set<string>> {
  const ids = [...new Set(names.flatMap((name) => readCopyName(name)?.id ?? []))];
  const rows = await lost.rows(ids);
  const whole = new Set((await carried.rows(ids)).map(({ id }) => id));
  for (const { id, state } of rows) if (state === 'DELIVERED' || (await own.sealed(id))) whole.add(id);
  return new Set(names.filter((name) => whole.has(readCopyName(name)?.id ?? '')));
}

/** A station's runs in their order, so that none is called late. */
function byNumber(a: string, b: string): number {
  return (readCopyName(a)?.seq ?? 0) - (readCopyName(b)?.seq ?? 0) || a.localeCompare(b);
}

function named(name: string, { code, message, remedy, run }: TransferProblem): TransferProblem {
  return { code, message: `${name}: ${message}`, remedy, ...(run === undefined ? {} : { run }) };
}
