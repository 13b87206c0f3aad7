/**
 * A file of the procedure's folder as an address that an element can show, for as long as its component lives.
 *
 * The bytes come from the station, so that it works without a network and under any policy. Made while a component is.
 */
import { screenMediaType } from '#procedure/screen-file.ts';
import { surroundings } from '#ui/context.ts';

export class FileUrl {
  #address = $state.raw<string | null>(null);
  #isMissing = $state.raw(false);

  /** @param path undefined: nothing yet */
  constructor(path: () => string | undefined) {
    const { station } = surroundings();
    $effect(() => {
      const wanted = path();
      if (wanted === undefined) return;
      let isGone = false;
      let address: string | null = null;
      const show = (bytes: Uint8Array<ArrayBuffer> | null) => {
        if (isGone) return;
        this.#isMissing = bytes === null;
        if (bytes) address = URL.createObjectURL(new Blob([bytes], { type: screenMediaType(wanted) ?? '' }));
        this.#address = address;
      };
      station.port.call.screenFile(wanted).then(show, () => show(null));
      return () => {
        isGone = true;
        if (address !== null) URL.revokeObjectURL(address);
      };
    });
  }

  /** null while it is being fetched, and when it is missing. */
  get address(): string | null {
    return this.#address;
  }

  get isMissing(): boolean {
    return this.#isMissing;
  }
}
