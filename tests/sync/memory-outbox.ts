/** An outbox store in memory, and rows to put into it. */
import type { Attachment } from '#record/attachment.ts';
import type { RunRow } from '#record/run-row.ts';
import type { Hold, OutboxStore } from '#sync/outbox/ports.ts';

export function rowOf(seq: number, change: Partial<RunRow> = {}): RunRow {
  const serial = change.serial_number ?? `SN-${seq}`;
  return {
    id: `run-${seq}`,
    seq,
    serial_number: serial,
    serial_key: serial.toUpperCase(),
    procedure_id: '7c9e6679-7425-40de-944b-e07fc1f90ae7',
    procedure_name: 'Power board',
    outcome: 'PASS',
    reason: '',
    started_at: '2026-11-20T08:00:00.000Z',
    duration_ms: 4000,
    simulated: true,
    interrupted: false,
    state: 'QUEUED',
    next_at_ms: 0,
    attempts: 0,
    sent_at_ms: 0,
    remote_id: '',
    upload_reason: '',
    delivered_day: '',
    ...change,
  };
}

export class MemoryOutbox implements OutboxStore {
  readonly rows = new Map<string, RunRow>();
  /** Ids of runs that were parked at any time. */
  readonly wasParked = new Set<string>();
  readonly files = new Map<string, Attachment>();
  #hold: Hold | undefined;
  #notBeforeMs = 0;

  constructor(rows: readonly RunRow[] = []) {
    for (const row of rows) this.rows.set(row.id, row);
  }

  row(seq: number): RunRow {
    return this.rows.get(`run-${seq}`)!;
  }

  states(): Record<number, string> {
    return Object.fromEntries([...this.rows.values()].map((row) => [row.seq, row.state]));
  }

  async undelivered(): Promise<RunRow[]> {
    const waiting = [...this.rows.values()].filter((row) => row.state !== 'DELIVERED' && row.state !== 'RUNNING');
    return waiting.sort((a, b) => a.seq - b.seq);
  }

  async sealed(id: string): Promise<{ body: string; procedureId: string; serial: string } | undefined> {
    const row = this.rows.get(id);
    if (!row) return undefined;
    const ended = new Date(Date.parse(row.started_at) + row.duration_ms).toISOString();
    const body = {
      outcome: row.outcome,
      procedure_id: row.procedure_id,
      serial_number: row.serial_number,
      started_at: row.started_at,
      ended_at: ended,
      metadata: { client_run_id: id },
    };
    return { body: JSON.stringify(body), procedureId: row.procedure_id, serial: row.serial_number };
  }

  async move(from: Pick<RunRow, 'id' | 'state' | 'attempts'>, to: Partial<RunRow>): Promise<boolean> {
    const row = this.rows.get(from.id);
    if (row?.state !== from.state || row.attempts !== from.attempts) return false;
    this.rows.set(row.id, { ...row, ...to });
    if (to.state === 'PARKED') this.wasParked.add(row.id);
    return true;
  }

  async attachments(runId: string): Promise<Attachment[]> {
    return [...this.files.values()].filter(({ run }) => run === runId);
  }

  async attachmentBytes(id: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
    return this.files.has(id) ? new TextEncoder().encode(`bytes of ${id}`) : undefined;
  }

  async moveAttachment(from: Pick<Attachment, 'id' | 'state' | 'attempts'>, to: Partial<Attachment>): Promise<boolean> {
    const file = this.files.get(from.id);
    if (file?.state !== from.state || file.attempts !== from.attempts) return false;
    this.files.set(file.id, { ...file, ...to });
    return true;
  }

  /** Puts a run with so many files into the queue. */
  add(row: RunRow, files: number): void {
    this.rows.set(row.id, files > 0 ? { ...row, attachments: files } : row);
    for (let n = 0; n < files; n++) {
      const id = `${row.id}/${n}`;
      const size = `bytes of ${id}`.length;
      const what = { name: `file-${n}.txt`, content_type: 'text/plain', size, sha256: '' };
      const where = { state: 'STAGED', remote_id: '', attempts: 0, reason: '' } as const;
      this.files.set(id, { id, run: row.id, n, ...what, ...where });
    }
  }

  async hold(): Promise<Hold | undefined> {
    return this.#hold;
  }

  async setHold(hold: Hold | undefined): Promise<void> {
    this.#hold = hold;
  }

  async notBefore(): Promise<number> {
    return this.#notBeforeMs;
  }

  async setNotBefore(atMs: number): Promise<void> {
    this.#notBeforeMs = atMs;
  }
}
