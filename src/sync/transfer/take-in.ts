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
import type { CarriedRow, CarriedRun, CarriedRuns, OwnRuns } from '#sync/transfer/transfer-ports.ts';
import type { Bytes } from '#sync/transfer/zip.ts';

export interface TakeInOptions {
  readonly own: OwnRuns;
  readonly carried: CarriedRuns;
  readonly nowMs: number;
  /** Local calendar day. */
  readonly today: string;
  /** Fingerprint that a person has compared and accepted, when the file's key is not the one known here. */
  readonly acceptedKey?: string;
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
  const inspection = await inspect(bytes);
  const { facts, fingerprint } = inspection;
  const file = { kind: facts.kind, station: facts.station, madeAt: facts.madeAt, fingerprint };
  const refusal =
    inspection.problems.find(({ code }) => REFUSES_ALL.has(code)) ?? (await otherKey(inspection, options));
  if (refusal) return { ...file, refusal, runs: [], problems: [] };
  await options.carried.acceptKey(facts.station, fingerprint);
  const taken = inspection.receipt
    ? await takeReceipt(inspection.receipt, facts.station, options)
    : await takeRuns(inspection.runs, options);
  const runs = [...taken.runs, ...leftAside(inspection)];
  return { ...file, refusal: null, runs, problems: [...inspection.problems, ...taken.problems] };
}

/** The first file of a station introduces its key; from then on another key needs a person's word. */
async function otherKey(
  { facts, fingerprint }: Inspection,
  { carried, acceptedKey }: TakeInOptions,
): Promise<TransferProblem | null> {
  const known = await carried.keyOf(facts.station);
  if (known === undefined || known === fingerprint || acceptedKey === fingerprint) return null;
  const words = `${facts.station} has signed with another key than before: ${fingerprint} now, ${known} until now.`;
  return problem('other-key', words);
}

interface Taken {
  readonly runs: TakenRun[];
  readonly problems: TransferProblem[];
}

async function takeRuns(runs: readonly ReadRun[], { own, carried, nowMs }: TakeInOptions): Promise<Taken> {
  const taken: Taken = { runs: [], problems: [] };
  const here = new Map((await carried.rows(runs.map(({ id }) => id))).map((row) => [row.id, row.sha256]));
  const fresh: ReadRun[] = [];
  for (const run of runs) {
    const mine = here.has(run.id) ? undefined : await own.sealed(run.id);
    const hash = mine ? await hashOfText(mine.body) : here.get(run.id);
    if (hash === undefined) fresh.push(run);
    else if (hash !== run.hash) taken.problems.push(differs(run.id));
    taken.runs.push({ ...named(run), result: hash === undefined ? 'new' : hash === run.hash ? 'known' : 'damaged' });
  }
  const [first] = fresh;
  if (!first) return taken;
  const lastSeq = await carried.lastSeqOf(first.station);
  if (lastSeq > first.seq)
    taken.problems.push(
      problem(
        'late',
        `Run ${lastSeq} of ${first.station} came before this file: these are older, and each unit keeps its order among what still waits.`,
      ),
    );
  await carried.add(fresh.map((run) => ({ row: rowOf(run, nowMs), body: run.body, files: filesOf(run) })));
  return taken;
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
