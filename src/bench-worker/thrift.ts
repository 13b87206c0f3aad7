/**
 * Whether files wait: a tablet with a low battery, or on a connection that costs, sends its runs and keeps the files.
 *
 * The page tells what the tablet runs on; a person may say "now". The service worker reads the last word from the store,
 * because it can ask neither. Knows nothing of drains.
 */
import type { Supply } from '#engine/link/station-link.ts';
import type { Store } from '#storage/store/store.ts';
import type { View } from './view.ts';

/** Below this a tablet should last until its charger rather than send pictures. */
const LOW_BATTERY = 0.15;
/** Where the service worker looks. */
export const FILES_WAIT_KEY = 'files-wait';

/** @returns why files wait, in words; null when they need not. What a browser does not say is no reason. */
export function waitReason({ batteryLevel, isDischarging, savesData, connectionType }: Supply): string | null {
  if (batteryLevel !== null && isDischarging && batteryLevel < LOW_BATTERY)
    return 'The battery is under 15 % and not charging.';
  if (savesData) return 'This browser was asked to save data.';
  return connectionType === 'cellular' ? 'This tablet is on a mobile connection.' : null;
}

export interface ThriftOptions {
  readonly store: Pick<Store, 'set'>;
  readonly view: View;
  /** Files may go: a drain is worth trying. */
  readonly wake: () => void;
}

export class Thrift {
  readonly #options: ThriftOptions;
  #reason: string | null = null;
  #isForced = false;

  constructor(options: ThriftOptions) {
    this.#options = options;
  }

  get filesWait(): boolean {
    return this.#reason !== null && !this.#isForced;
  }

  async heed(supply: Supply): Promise<void> {
    this.#reason = waitReason(supply);
    if (this.#reason === null) this.#isForced = false;
    await this.#changed();
  }

  async sendNow(): Promise<void> {
    this.#isForced = true;
    await this.#changed();
  }

  async #changed(): Promise<void> {
    const { store, view, wake } = this.#options;
    view.change({ filesWait: this.filesWait ? this.#reason : null });
    if (!this.filesWait) wake();
    await store.set(FILES_WAIT_KEY, this.filesWait);
  }
}
