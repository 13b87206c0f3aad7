/**
 * Runs as files of other programs: what was asked for, and what came of it.
 *
 * One thing at a time. Knows nothing of formats, and nothing of elements.
 */
import { Fault } from '#base/fault.ts';
import type { ExportedAs, ExportedWhich, ExportFormat } from '#engine/link/export-link.ts';
import type { FindList } from '#ui/history/find-list.svelte.ts';
import { wordOf } from '#ui/parts/loaded.svelte.ts';
import { counted } from '#ui/parts/words.ts';
import type { Save } from '#ui/queue/save-file.ts';
import type { StationPort } from '#ui/station-port.ts';

export interface ExportSaid {
  readonly code: string;
  readonly tone: 'good' | 'error';
  readonly text: string;
}

export class ExportDesk {
  readonly #call: StationPort['call'];
  #said = $state.raw<ExportSaid | null>(null);
  #isBusy = $state(false);

  constructor(call: StationPort['call']) {
    this.#call = call;
  }

  get said(): ExportSaid | null {
    return this.#said;
  }

  get isBusy(): boolean {
    return this.#isBusy;
  }

  async export(format: ExportFormat, which: () => Promise<ExportedWhich>, save: Save): Promise<void> {
    if (this.#isBusy) return;
    this.#isBusy = true;
    try {
      const file = await this.#call.exportAs(format, await which());
      await save(file);
      this.#said = saidOf(file);
    } catch (thrown) {
      const { code, message, remedy } = wordOf(thrown);
      this.#said = { code, tone: 'error', text: `${message} ${remedy}` };
    } finally {
      this.#isBusy = false;
    }
  }
}

/** As many as the station puts into one file (bench-worker/export-as.ts). */
const MOST_RUNS = 2000;
/** While runs are uploaded the list is asked for anew all the time; it is there again in far less than these two seconds. */
const TRIES = 40;
const AGAIN_MS = 50;
const pause = () => new Promise<void>((resolve) => setTimeout(resolve, AGAIN_MS));

/** What a list has found, the newest first. Fails with a Fault: `history-changed`. */
export async function foundRuns(list: Pick<FindList, 'ids' | 'total'>, wait = pause): Promise<ExportedWhich> {
  for (let tries = 0; tries < TRIES; tries += 1) {
    const ids = await list.ids(MOST_RUNS);
    if (ids) return { ids, hasMore: (list.total ?? 0) > ids.length };
    await wait();
  }
  throw new Fault('history-changed', 'The runs have changed meanwhile.', 'Press again.');
}

export function saidOf({ name, runs, hasMore, cleared }: ExportedAs): ExportSaid {
  const older = hasMore ? ' These are the newest; search for fewer to have older ones.' : '';
  const lost = cleared > 0 ? ` Left out: ${counted(cleared, 'run')} no longer whole on this machine.` : '';
  return { code: 'exported', tone: 'good', text: `${counted(runs, 'run')} in ${name}.${older}${lost}` };
}
