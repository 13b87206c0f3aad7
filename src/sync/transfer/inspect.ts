/**
 * What is in a transfer file, and what is wrong with it: the same look for every station and for the command line.
 *
 * Reads bytes, writes nothing. Above it: take-in.ts and the command line. Below it: bag.ts and what a bag may hold.
 */
import { openBag } from '#sync/transfer/bag.ts';
import { fromText } from '#sync/transfer/as-text.ts';
import type { BagFacts } from '#sync/transfer/bag-text.ts';
import { readReceipt, type Receipt } from '#sync/transfer/receipt.ts';
import { readRunBundle, type ReadRun } from '#sync/transfer/run-bundle.ts';
import type { TransferProblem } from '#sync/transfer/transfer-fault.ts';
import type { Bytes } from '#sync/transfer/zip.ts';

export interface Inspection {
  readonly facts: BagFacts;
  readonly fingerprint: string;
  /** false: neither `runs` nor `receipt` may be believed. */
  readonly isTrusted: boolean;
  /** Sound ones, by number; empty in a receipt. */
  readonly runs: readonly ReadRun[];
  readonly receipt: Receipt | null;
  readonly problems: readonly TransferProblem[];
}

/** @throws {Fault} `unreadable`, `cut`, `newer-format`, `too-large`, `no-signing` */
export async function inspect(bytes: Bytes): Promise<Inspection> {
  const bag = await openBag(fromText(bytes));
  const { facts, fingerprint, isTrusted } = bag;
  const { runs, problems } = facts.kind === 'runs' ? await readRunBundle(bag) : { runs: [], problems: [] };
  const read = facts.kind === 'receipt' ? readReceipt(bag) : { receipt: null, problems: [] };
  return {
    facts,
    fingerprint,
    isTrusted,
    runs,
    receipt: read.receipt,
    problems: [...bag.problems, ...problems, ...read.problems],
  };
}
