/**
 * A receipt: a signed bag that says which runs of one station another station has delivered, and under which ids.
 *
 * Each run is named with the hash of its exact bytes, so that only who held the run can write a receipt for it. Knows
 * nothing of stores.
 */
import { type Bag, packBag, type Signer } from '#sync/transfer/bag.ts';
import { fileName, type TransferFile } from '#sync/transfer/run-bundle.ts';
import { problem, transferFault, type TransferProblem } from '#sync/transfer/transfer-fault.ts';

export interface ReceiptEntry {
  readonly client_run_id: string;
  readonly station_seq: number;
  /** Of the exact sealed bytes. */
  readonly sha256: string;
  /** The run's id in TofuPilot. */
  readonly run_id: string;
  /** Files that are linked to it; absent where it has none. */
  readonly files?: readonly { readonly name: string; readonly sha256: string }[];
}

export interface Receipt {
  /** Whose runs these are. */
  readonly origin: string;
  readonly runs: readonly ReceiptEntry[];
}

const PATH = 'receipt.json';

export async function makeReceipt(
  station: string,
  receipt: Receipt,
  signer: Signer,
  madeAt: string,
): Promise<TransferFile> {
  const seqs = receipt.runs.map((run) => run.station_seq).toSorted((a, b) => a - b);
  const [firstSeq, lastSeq] = [seqs.at(0), seqs.at(-1)];
  if (firstSeq === undefined || lastSeq === undefined)
    throw transferFault('nothing', `No run of ${receipt.origin} has been delivered from here yet.`);
  const text = JSON.stringify(receipt, null, 2);
  const facts = { kind: 'receipt', station, madeAt, firstSeq, lastSeq, runs: seqs.length } as const;
  return {
    name: `receipt-${fileName(receipt.origin)}-${firstSeq}-${lastSeq}.fieldbench`,
    bytes: await packBag(facts, new Map([[PATH, new TextEncoder().encode(text)]]), signer),
    runs: seqs.length,
  };
}

export function readReceipt(bag: Bag): { receipt: Receipt | null; problems: TransferProblem[] } {
  const problems = [...bag.payload.keys()]
    .filter((path) => path !== PATH)
    .map((path) => problem('stray', `${path} is no receipt: this version of the app does not know what it is.`));
  const bytes = bag.payload.get(PATH);
  const receipt = bytes ? parse(new TextDecoder().decode(bytes)) : null;
  if (bytes && !receipt) problems.push(problem('shape', 'The receipt cannot be read.'));
  if (receipt && receipt.runs.length !== bag.facts.runs)
    problems.push(problem('count', `The receipt says ${bag.facts.runs} runs and names ${receipt.runs.length}.`));
  return { receipt, problems };
}

function parse(text: string): Receipt | null {
  try {
    const { origin, runs } = JSON.parse(text) as Partial<Receipt>;
    return typeof origin === 'string' && Array.isArray(runs) && runs.every(isEntry) ? { origin, runs } : null;
  } catch {
    return null;
  }
}

function isEntry(value: unknown): value is ReceiptEntry {
  const entry = (value ?? {}) as Partial<ReceiptEntry>;
  return (
    typeof entry.client_run_id === 'string' &&
    Number.isSafeInteger(entry.station_seq) &&
    typeof entry.sha256 === 'string' &&
    typeof entry.run_id === 'string' &&
    entry.run_id !== '' &&
    (entry.files === undefined || (Array.isArray(entry.files) && entry.files.every(isNamed)))
  );
}

function isNamed(value: unknown): boolean {
  const file = (value ?? {}) as { name?: unknown; sha256?: unknown };
  return typeof file.name === 'string' && typeof file.sha256 === 'string';
}
