/**
 * One run on its way to disk: every event is written before it is told, and the end together with what is sent.
 *
 * Stands between the engine's events and storage. Above: run-desk.ts. Knows nothing of other runs.
 */
import { messageOf } from '#base/fault.ts';
import type { StationNews } from '#engine/link/station-link.ts';
import { RunFiles } from '#engine/run-files.ts';
import type { RunOptions } from '#engine/run-procedure.ts';
import type { NewAttachment } from '#record/attachment.ts';
import { applyEvent, recordOf, type RunEvent } from '#record/run-event.ts';
import type { RunHeader, RunOutcome, RunRecord } from '#record/run-record.ts';
import { createJournalWriter, type JournalWriter } from '#storage/store/journal-writer.ts';
import type { Store } from '#storage/store/store.ts';
import { toRunBody } from '#sync/tofupilot/run-body.ts';

export class KeptRun {
  readonly header: RunHeader;
  readonly #store: Store;
  readonly #tell: (news: StationNews) => void;
  readonly #record: RunRecord;
  readonly #events: RunEvent[] = [];
  readonly #writer: JournalWriter;
  readonly #jumped: () => string | undefined;
  /** Those of the phases and its own, each name once. */
  readonly #files: RunFiles;
  #kept = 0;

  /**
   * Tells that the run has begun: its header is on disk.
   * @param jumped asked at its end: words for a clock that was set meanwhile
   */
  constructor(header: RunHeader, store: Store, tell: (news: StationNews) => void, jumped: () => string | undefined) {
    this.header = header;
    this.#jumped = jumped;
    this.#store = store;
    this.#tell = tell;
    this.#record = recordOf(header);
    this.#files = new RunFiles((file) => store.addAttachment(header.id, file));
    this.#say([{ kind: 'run-started', header }]);
    this.#writer = createJournalWriter(store, header.id, (batch) => {
      this.#kept += batch.length;
      this.#say(batch);
    });
  }

  /** What the engine hands its events and files to. */
  get ends(): Pick<RunOptions, 'emit' | 'keepFile'> {
    return {
      keepFile: (file) => this.#files.add(file),
      emit: (event) => {
        if (event.kind === 'run-ended') {
          const word = this.#jumped();
          if (word !== undefined) this.#take(logLine(word, event.at_ms));
        }
        this.#take(event);
      },
    };
  }

  #take(event: RunEvent): void {
    applyEvent(this.#record, event);
    this.#events.push(event);
    // The end is kept back: it is written together with the sealed body, so that no run is ended but not queued.
    if (event.kind !== 'run-ended') this.#writer.write(event).catch(() => {});
  }

  /** The engine has ended it. */
  get isOver(): boolean {
    return this.outcome !== null;
  }

  /** null until the engine has ended it; shown to nobody before `seal`. */
  get outcome(): RunOutcome | null {
    return this.#record.outcome;
  }

  /** Files of the run as a whole, of a run that the engine has ended and nobody has heard of yet. */
  async add(files: readonly NewAttachment[]): Promise<void> {
    for (const file of files) {
      const at_ms = this.#record.ended_ms ?? 0;
      try {
        this.#takeBeforeEnd({ kind: 'attachment', at_ms, file: await this.#files.add(file) });
      } catch (thrown) {
        // The verdict matters more than what may explain it.
        this.#takeBeforeEnd(logLine(`${file.name} was not kept: ${messageOf(thrown)}`, at_ms));
      }
    }
  }

  #takeBeforeEnd(event: RunEvent): void {
    applyEvent(this.#record, event);
    this.#events.splice(-1, 0, event);
  }

  async seal(): Promise<void> {
    const { id } = this.header;
    // What the journal has not taken yet, or could not take on a disk that was full for a moment, goes with the seal.
    await this.#writer.finish();
    const last = this.#events.slice(this.#kept);
    await this.#store.seal(id, last, this.#record, JSON.stringify(toRunBody(this.#record)));
    // Only now is it on disk, and only now may a person see the verdict.
    this.#say(last);
    this.#tell({ kind: 'sealed', id });
  }

  #say(events: readonly RunEvent[]): void {
    this.#tell({ kind: 'run', slot: this.header.slot, events });
  }
}

function logLine(message: string, atMs: number): RunEvent {
  return {
    kind: 'log',
    log: { level: 'WARNING', at_ms: atMs, message, source_file: 'station', line_number: 0 },
  };
}
