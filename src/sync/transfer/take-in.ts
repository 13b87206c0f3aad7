/**
 * Takes a transfer file in: another station's runs into this one's queue, or a receipt for this station's runs.
 *
 * Every sound run is merged under its own identity, everything else is named and left aside. Opening a file twice, or
 * files in any order, changes nothing more. A drain may be under way: rows are compared before they are replaced.
 */
import type { RunRow } from '#record/run-row.ts';
import { transition } from '#sync/outbox/transition.ts';
import { hashOf } from '#sync/transfer/bag.ts';
import { plainHash } from '#sync/transfer/bundled-files.ts';
import { inspect, type Inspection } from '#sync/transfer/inspect.ts';
import type { Receipt, ReceiptEntry } from '#sync/transfer/receipt.ts';
import type { ReadRun } from '#sync/transfer/run-bundle.ts';
import { problem, REFUSES_ALL, type TransferProblem } from '#sync/transfer/transfer-fault.ts';
import type { CarriedRow, CarriedRun, CarriedRuns, LostRuns, OwnRuns } from '#sync/transfer/transfer-ports.ts';
import type { Bytes } from '#sync/transfer/zip.ts';

export interface TakeInOptions {
  readonly own: OwnRuns;
  readonly lost: LostRuns;
  readonly carried: CarriedRuns;
  /** This station's own name, and the fingerprint of its key. */
  readonly station: string;
  readonly ownKey: string;
  readonly nowMs: number;
  /** Local calendar day. */
  readonly today: string;
  /** Fingerprints that a person has compared and accepted, beside the ones known here. */
  readonly acceptedKeys?: ReadonlySet<string>;
}

/** new: merged. delivered: a receipt has delivered it. known: was here before. foreign, damaged: left aside. */
export type RunResult = 'new' | 'delivered' | 'known' | 'foreign' | 'damaged';

export interface TakenRun {
  readonly id: string;
  /** 0 where the file does not say. */
  readonly seq: number;
  readonly serial: string;
  readonly result: RunResult;
}

export interface TakenIn {
  readonly kind: 'runs' | 'receipt';
  /** Who made the file. */
  readonly station: string;
  readonly madeAt: string;
  readonly fingerprint: string;
  /** Why nothing of it was taken in; null when something could be. */
  readonly refusal: TransferProblem | null;
  readonly runs: readonly TakenRun[];
  readonly problems: readonly TransferProblem[];
}

/** @throws {Fault} what `inspect` throws; a file that can be read and is refused says so in `refusal` */
export async function takeIn(bytes: Bytes, options: TakeInOptions): Promise<TakenIn> {
  return takeInspected(await inspect(bytes), options);
}

/** As `takeIn`, for a file that was looked into already. */
export async function takeInspected(inspection: Inspection, options: TakeInOptions): Promise<TakenIn> {
  const { facts, fingerprint } = inspection;
  const file = { kind: facts.kind, station: facts.station, madeAt: facts.madeAt, fingerprint };
  const refusal =
    inspection.problems.find(({ code }) => REFUSES_ALL.has(code)) ?? (await otherKey(inspection, options));
  if (refusal) return { ...file, refusal, runs: [], problems: [] };
  // Its own key is no word of another station's: this browser may sign with a new one, and have files of an older.
  if (fingerprint !== options.ownKey) await options.carried.acceptKey(facts.station, fingerprint);
  const taken = inspection.receipt
    ? await takeReceipt(inspection.receipt, facts.station, options)
    : await takeRuns(inspection.runs, options);
  const runs = [...taken.runs, ...leftAside(inspection)];
  return { ...file, refusal: null, runs, problems: [...inspection.problems, ...taken.problems] };
}

/** The first file of a station introduces its key; from then on another key needs a person's word. */
async function otherKey(
  { facts, fingerprint }: Inspection,
  { carried, acceptedKeys, station, ownKey }: TakeInOptions,
): Promise<TransferProblem | null> {
  if (facts.station === station && fingerprint === ownKey) return null;
  const known = await carried.keyOf(facts.station);
  if (known === undefined || known === fingerprint || acceptedKeys?.has(fingerprint)) return null;
  const words = `${facts.station} has signed with another key than before: ${fingerprint} now, ${known} until now.`;
  return problem('other-key', words);
}

interface Taken {
  readonly runs: TakenRun[];
  readonly problems: TransferProblem[];
}

async function takeRuns(runs: readonly ReadRun[], options: TakeInOptions): Promise<Taken> {
  const { lost, carried, station, nowMs } = options;
  const taken: Taken = { runs: [], problems: [] };
  const ids = runs.map(({ id }) => id);
  const here = new Map((await carried.rows(ids)).map((row) => [row.id, row.sha256]));
  const mine = new Map((await lost.rows(ids)).map((row) => [row.id, row]));
  const fresh: ReadRun[] = [];
  for (const run of runs) {
    const result = await resultOf(run, here.get(run.id), mine.get(run.id), options);
    if (result === 'fresh') fresh.push(run);
    if (result === 'damaged') taken.problems.push(differs(run.id));
    taken.runs.push({ ...named(run), result: result === 'fresh' ? 'new' : result });
  }
  const [first] = fresh;
  if (!first) return taken;
  const lastSeq = await carried.lastSeqOf(first.station);
  if (lastSeq > first.seq && first.station !== station)
    taken.problems.push(
      problem(
        'late',
        `Run ${lastSeq} of ${first.station} came before this file: these are older, and each unit keeps its order among what still waits.`,
      ),
    );
  // Numbers of this station that it does not know any more must never be used again.
  if (first.station === station) await lost.numbersFollow(fresh.at(-1)!.seq);
  await carried.add(fresh.map((run) => ({ row: rowOf(run, nowMs), body: run.body, files: filesOf(run) })));
  return taken;
}

/** @param carriedHash of the bytes that are carried here under this id; @param row the station's own run of this id */
async function resultOf(
  run: ReadRun,
  carriedHash: string | undefined,
  row: RunRow | undefined,
  { own, lost }: TakeInOptions,
): Promise<RunResult | 'fresh'> {
  if (carriedHash !== undefined) return carriedHash === run.hash ? 'known' : 'damaged';
  if (!row) return 'fresh';
  const sealed = await own.sealed(run.id);
  if (sealed) return (await hashOfText(sealed.body)) === run.hash ? 'known' : 'damaged';
  // Retention has reduced it to its row.
  if (row.state === 'DELIVERED') return 'known';
  return (await lost.giveBack(run)) ? 'new' : 'damaged';
}

async function takeReceipt(receipt: Receipt, by: string, options: TakeInOptions): Promise<Taken> {
  const taken: Taken = { runs: [], problems: [] };
  const waiting = new Map((await options.own.undelivered()).map((row) => [row.id, row]));
  for (const entry of receipt.runs) {
    const result = await takeEntry(entry, by, waiting.get(entry.client_run_id), options);
    const serial = waiting.get(entry.client_run_id)?.serial_number ?? '';
    taken.runs.push({ id: entry.client_run_id, seq: entry.station_seq, serial, result });
    if (result === 'damaged') taken.problems.push(differs(entry.client_run_id));
  }
  const foreign = taken.runs.filter(({ result }) => result === 'foreign').length;
  if (foreign > 0)
    taken.problems.push(
      problem(
        'foreign',
        `${foreign} of these ${taken.runs.length} runs were not made here: ${receipt.origin} made them.`,
      ),
    );
  return taken;
}

async function takeEntry(
  entry: ReceiptEntry,
  by: string,
  row: RunRow | undefined,
  { own, nowMs, today }: TakeInOptions,
): Promise<RunResult> {
  const sealed = await own.sealed(entry.client_run_id);
  if (!sealed) return 'foreign';
  if ((await hashOfText(sealed.body)) !== entry.sha256) return 'damaged';
  if (!row) return 'known';
  const isWhole = await takeFiles(entry, row, own);
  const moment = { nowMs, chance: 0, today, ambiguousWaitMs: 0 };
  const change = transition(row, { kind: 'receipted', remoteId: entry.run_id, by, isWhole }, moment);
  return change && (await own.move(row, change)) ? 'delivered' : 'known';
}

/** Notes which files the receipt names. @returns whether none is left */
async function takeFiles({ files = [] }: ReceiptEntry, row: RunRow, own: OwnRuns): Promise<boolean> {
  if (!row.attachments) return true;
  let left = row.attachments;
  for (const file of await own.attachments(row.id)) {
    const isNamed = files.some(({ name, sha256 }) => name === file.name && sha256 === plainHash(file.sha256));
    if (isNamed && file.state !== 'LINKED') await own.moveAttachment(file, { state: 'LINKED', reason: '' });
    if (isNamed || file.state === 'LINKED') left -= 1;
  }
  return left === 0;
}

function leftAside({ problems }: Inspection): TakenRun[] {
  return problems.flatMap(({ code, run }) =>
    run === undefined ? [] : [{ id: run, seq: 0, serial: '', result: code === 'foreign' ? 'foreign' : 'damaged' }],
  );
}

/** AMBIGUOUS: the station that made it may have delivered it meanwhile, so the first thing is a look. */
function rowOf(run: ReadRun, nowMs: number): CarriedRow {
  return {
    id: run.id,
    seq: run.seq,
    serial_number: run.serial,
    serial_key: run.serial.toUpperCase(),
    ...(run.parts.length > 0 ? { sub_keys: run.parts.map((part) => part.toUpperCase()) } : {}),
    procedure_id: run.procedureId,
    procedure_name: '',
    outcome: run.outcome,
    reason: run.reason,
    started_at: run.startedAt,
    duration_ms: run.durationMs,
    simulated: run.simulated,
    interrupted: run.interrupted,
    state: 'AMBIGUOUS',
    next_at_ms: nowMs,
    attempts: 0,
    sent_at_ms: 0,
    remote_id: '',
    upload_reason: '',
    delivered_day: '',
    carried_from: run.station,
    sha256: run.hash,
    ...(run.files.length > 0 ? { attachments: run.files.length } : {}),
  };
}

function filesOf({ id: run, files }: ReadRun): CarriedRun['files'] {
  return files.map(({ bytes, name, content_type, size, sha256 }, n) => {
    const what = { id: `${run}/${n}`, run, n, name, content_type, size, sha256: `sha256:${sha256}` };
    return { bytes, file: { ...what, state: 'STAGED', remote_id: '', attempts: 0, reason: '' } };
  });
}

function named({ id, seq, serial }: ReadRun): Omit<TakenRun, 'result'> {
  return { id, seq, serial };
}

function differs(id: string): TransferProblem {
  return problem('differs', `Run ${id} is here already, with other contents.`, id);
}

function hashOfText(text: string): Promise<string> {
  return hashOf(new TextEncoder().encode(text));
}
