/**
 * The repair of one parked run: what the person has typed, and what the station said to it.
 *
 * Knows nothing of markup; RepairPanel.svelte shows it.
 */
import type { CorrectionWish, Word } from '#engine/link/station-link.ts';
import type { RunRow } from '#record/run-row.ts';
import { wordOf } from '#ui/parts/loaded.svelte.ts';

/** What went again, and by whom: the next run is often corrected by the same person. */
export interface Corrected {
  readonly serial: string;
  readonly by: string;
}

type Correct = (id: string, wish: CorrectionWish) => Promise<void>;

export class RepairDesk {
  serial = $state('');
  procedureId = $state('');
  by = $state('');
  readonly #row: RunRow;
  readonly #correct: Correct;
  #problem = $state.raw<Word | null>(null);
  #isBusy = $state(false);

  constructor(row: RunRow, lastBy: string, correct: Correct) {
    this.#row = row;
    this.#correct = correct;
    this.serial = row.serial_number;
    this.procedureId = row.procedure_id;
    this.by = lastBy;
  }

  get problem(): Word | null {
    return this.#problem;
  }

  get isBusy(): boolean {
    return this.#isBusy;
  }

  /** Without a change there is nothing to correct: that is what “Retry” is for. */
  get isChanged(): boolean {
    return this.serial.trim() !== this.#row.serial_number || this.procedureId.trim() !== this.#row.procedure_id;
  }

  get corrected(): Corrected {
    return { serial: this.serial.trim(), by: this.by.trim() };
  }

  /** @returns true when the run is on its way again */
  async send(): Promise<boolean> {
    if (this.#isBusy || !this.isChanged) return false;
    this.#isBusy = true;
    this.#problem = null;
    try {
      await this.#correct(this.#row.id, { serialNumber: this.serial, procedureId: this.procedureId, by: this.by });
      return true;
    } catch (thrown) {
      this.#problem = wordOf(thrown);
      return false;
    } finally {
      this.#isBusy = false;
    }
  }
}
