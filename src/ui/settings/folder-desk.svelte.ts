/**
 * The folder for copies at the settings screen: pick it, allow it again, give it up. One thing at a time.
 *
 * The station keeps and fills it; what it says of it is in its view. Knows nothing of elements.
 */
import type { Word } from '#engine/link/station-link.ts';
import { allowFolder, pickFolder } from '#ui/parts/folder-picker.ts';
import { wordOf } from '#ui/parts/loaded.svelte.ts';
import type { StationPort } from '#ui/station-port.ts';

export class FolderDesk {
  readonly #call: StationPort['call'];
  #isBusy = $state(false);
  #word = $state.raw<Word | null>(null);

  constructor(call: StationPort['call']) {
    this.#call = call;
  }

  get isBusy(): boolean {
    return this.#isBusy;
  }

  /** Why the last thing that was asked for could not be done. */
  get word(): Word | null {
    return this.#word;
  }

  /** Inside a click. */
  pick(): Promise<void> {
    return this.#alone(async () => {
      const handle = await pickFolder('readwrite');
      if (handle) await this.#call.keepFolder(handle);
    });
  }

  /** Inside a click. */
  allow(): Promise<void> {
    return this.#alone(async () => {
      const handle = await this.#call.keptFolder();
      if (handle && (await allowFolder(handle))) await this.#call.lookIntoFolder();
    });
  }

  /** Its drive is back, or there is room again. */
  tryAgain(): Promise<void> {
    return this.#alone(() => this.#call.lookIntoFolder());
  }

  forget(): Promise<void> {
    return this.#alone(() => this.#call.forgetFolder());
  }

  keepDelivered(keeps: boolean): Promise<void> {
    return this.#alone(() => this.#call.keepDelivered(keeps));
  }

  async #alone(work: () => Promise<void>): Promise<void> {
    if (this.#isBusy) return;
    this.#isBusy = true;
    this.#word = null;
    try {
      await work();
    } catch (thrown) {
      this.#word = wordOf(thrown);
    } finally {
      this.#isBusy = false;
    }
  }
}
