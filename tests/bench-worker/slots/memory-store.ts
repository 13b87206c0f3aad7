/** As much of a store as a run desk needs, in memory: what was begun, what was written, what was sealed. */
import type { RunEvent } from '#record/run-event.ts';
import type { RunHeader, RunRecord } from '#record/run-record.ts';
import type { Store } from '#storage/store/store.ts';

export class MemoryStore {
  readonly begun: RunHeader[] = [];
  readonly sealed: { readonly record: RunRecord; readonly body: string }[] = [];

  /** For whoever wants a whole one. */
  get asStore(): Store {
    return this as unknown as Store;
  }

  async beginRun(header: Omit<RunHeader, 'seq'>): Promise<RunHeader> {
    const whole = { ...header, seq: this.begun.length + 1 };
    this.begun.push(whole);
    return whole;
  }

  async append(_: string, events: readonly RunEvent[]): Promise<void> {
    void events;
  }

  async seal(_: string, events: readonly RunEvent[], record: RunRecord, body: string): Promise<void> {
    void events;
    this.sealed.push({ record, body });
  }
}
