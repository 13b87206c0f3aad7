/** Runs as they are sealed, a station that signs, and a carrying store in a memory of its own. */
import { IDBFactory, IDBKeyRange } from 'fake-indexeddb';
import type { RunRow } from '#record/run-row.ts';
import { type CarriedStore, openCarriedRuns } from '#storage/store/carried-runs.ts';
import type { Signer } from '#sync/transfer/bag.ts';
import type { Bytes } from '#sync/transfer/zip.ts';
import { MemoryOutbox, rowOf } from '../memory-outbox.ts';

export const MADE_AT = '2026-11-20T09:30:00.000Z';
export const PROCEDURE_ID = '7c9e6679-7425-40de-944b-e07fc1f90ae7';

export function runId(seq: number, station = 'bench-a'): string {
  const digit = station.charCodeAt(station.length - 1).toString(16);
  return `0193${digit}00-4c00-7000-8000-${String(seq).padStart(12, '0')}`;
}

export function bodyOf(seq: number, station = 'bench-a', change: Record<string, unknown> = {}): string {
  return JSON.stringify({
    outcome: 'PASS',
    procedure_id: PROCEDURE_ID,
    serial_number: `SN-${seq}`,
    started_at: '2026-11-20T08:00:00.000Z',
    ended_at: '2026-11-20T08:00:04.000Z',
    docstring: 'Ωμέγα, “quoted”',
    phases: [],
    logs: [],
    metadata: { client_run_id: runId(seq, station), station_id: station, station_seq: seq, simulated: true },
    ...change,
  });
}

export const bundled = (seq: number, station = 'bench-a') => ({
  id: runId(seq, station),
  seq,
  body: bodyOf(seq, station),
});

export async function newSigner(): Promise<Signer> {
  const pair = (await crypto.subtle.generateKey('Ed25519', false, ['sign', 'verify'])) as CryptoKeyPair;
  return {
    publicKey: new Uint8Array(await crypto.subtle.exportKey('spki', pair.publicKey)),
    sign: async (bytes: Bytes) => new Uint8Array(await crypto.subtle.sign('Ed25519', pair.privateKey, bytes)),
  };
}

/** The station's own runs, with bodies as they are sealed. */
export class OwnOutbox extends MemoryOutbox {
  readonly bodies = new Map<string, string>();

  constructor(seqs: readonly number[], station = 'bench-a', change: Partial<RunRow> = {}) {
    super(seqs.map((seq) => rowOf(seq, { id: runId(seq, station), ...change })));
    for (const seq of seqs) this.bodies.set(runId(seq, station), bodyOf(seq, station));
  }

  /** What a lost run comes back through; as the store does it (storage, rule 20). */
  readonly outside = {
    highestCopied: 0,
    rows: async (ids: readonly string[]) => ids.flatMap((id) => this.rows.get(id) ?? []),
    deliveredSince: async (seq: number) =>
      [...this.rows.values()]
        .filter((row) => row.state === 'DELIVERED' && row.seq > seq && this.bodies.has(row.id))
        .map(({ id }) => id),
    reduced: async (ids: readonly string[]) =>
      ids.filter((id) => this.rows.get(id)?.state === 'DELIVERED' && !this.bodies.has(id)),
    giveBack: async ({ id, body }: { readonly id: string; readonly body: string }) => {
      const row = this.rows.get(id)!;
      this.bodies.set(id, body);
      this.rows.set(id, { ...row, state: 'AMBIGUOUS' });
      return true;
    },
    numbersFollow: async (seq: number) => void (this.outside.highestCopied = Math.max(seq, this.outside.highestCopied)),
  };

  override async sealed(id: string) {
    const body = this.bodies.get(id);
    const row = this.rows.get(id);
    return body === undefined || !row ? undefined : { body, procedureId: row.procedure_id, serial: row.serial_number };
  }
}

let databases = 0;

export function freshCarried(): Promise<CarriedStore> {
  const deps = { indexedDB: new IDBFactory(), IDBKeyRange };
  return openCarriedRuns({ name: `carried-${++databases}`, deps });
}
