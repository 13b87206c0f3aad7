/**
 * What arrived at the sandbox: runs and the units they belong to, in memory, the newest 10,000.
 *
 * Like TofuPilot it deduplicates nothing: the same body posted twice makes two runs. Units are keyed by serial number
 * without case, and the last run posted decides their part and revision. Knows nothing of HTTP.
 */
import { randomUUID } from 'node:crypto';
import type { Caller } from '#server/sandbox/caller.ts';
import type { Metadata, RunBody } from '#server/sandbox/run-body.ts';

export interface Unit {
  readonly serial_number: string;
  part_number: string;
  revision_number: string;
  batch_number: string | undefined;
  readonly sub_units: Set<string>;
  metadata: Metadata;
  /** How many runs are kept of it; the unit goes with the last one. */
  runs: number;
}

export interface StoredRun {
  readonly id: string;
  readonly body: RunBody;
  readonly caller: Caller;
  readonly unit: Unit;
  readonly procedureName: string;
  readonly arrivedMs: number;
  readonly bytes: number;
  metadata: Metadata;
  readonly attachments: string[];
}

export const MOST_RUNS = 10_000;
/** A try-out must not fill a small machine's memory, however long its runs are. */
const MOST_BYTES = 256 * 1024 * 1024;
const DEFAULT_REVISION = 'A';

export class Runs {
  /** In the order of arrival. */
  readonly #runs = new Map<string, StoredRun>();
  readonly #units = new Map<string, Unit>();
  #bytes = 0;
  /** Counts every change, so that a page knows whether to draw again. */
  revision = 0;
  /** All that ever arrived, kept or not. */
  arrived = 0;

  post(body: RunBody, from: Pick<StoredRun, 'caller' | 'procedureName' | 'arrivedMs' | 'bytes'>): StoredRun {
    const unit = this.#upsert(body);
    const run = { ...from, id: randomUUID(), body, unit, metadata: body.metadata ?? {}, attachments: [] };
    this.#runs.set(run.id, run);
    unit.runs += 1;
    this.#bytes += run.bytes;
    this.arrived += 1;
    this.revision += 1;
    while (this.#runs.size > MOST_RUNS || (this.#bytes > MOST_BYTES && this.#runs.size > 1)) this.#dropOldest();
    return run;
  }

  get(id: string): StoredRun | undefined {
    return this.#runs.get(id.toLowerCase());
  }

  /** Newest arrival first. */
  all(): StoredRun[] {
    return [...this.#runs.values()].toReversed();
  }

  unit(serial: string): Unit | undefined {
    return this.#units.get(serial.toUpperCase());
  }

  clear(): void {
    this.#runs.clear();
    this.#units.clear();
    this.#bytes = 0;
    this.revision += 1;
  }

  #upsert(body: RunBody): Unit {
    const key = body.serial_number.toUpperCase();
    const unit = this.#units.get(key) ?? {
      serial_number: body.serial_number,
      part_number: '',
      revision_number: '',
      batch_number: undefined,
      sub_units: new Set<string>(),
      metadata: {},
      runs: 0,
    };
    // The sandbox's organisation has the rule that a part number stands before the serial number's last dash.
    unit.part_number = body.part_number ?? (body.serial_number.replace(/-[^-]*$/, '') || 'UNKNOWN');
    unit.revision_number = body.revision_number ?? DEFAULT_REVISION;
    unit.batch_number = body.batch_number ?? unit.batch_number;
    unit.metadata = { ...unit.metadata, ...body.unit_metadata };
    for (const serial of body.sub_units ?? []) unit.sub_units.add(this.unit(serial)?.serial_number ?? serial);
    this.#units.set(key, unit);
    return unit;
  }

  #dropOldest(): void {
    const oldest = this.#runs.values().next().value;
    if (!oldest) return;
    this.#runs.delete(oldest.id);
    this.#bytes -= oldest.bytes;
    oldest.unit.runs -= 1;
    if (oldest.unit.runs === 0) this.#units.delete(oldest.unit.serial_number.toUpperCase());
  }
}
