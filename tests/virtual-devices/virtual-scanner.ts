/** A barcode scanner on a serial adapter that can be plugged, pulled, and pointed at a label (scanner.py). */
import { Emulator } from './emulator.ts';
import type { FixtureIds } from './virtual-fixture.ts';

export class VirtualScanner extends Emulator {
  /** Plugs it in. @param folder of VIRTUAL_TTY_DIR */
  static start(folder: string, name: string, ids: FixtureIds = {}): Promise<VirtualScanner> {
    const options = Object.entries(ids).flatMap(([key, value]) => [`--${key}`, value]);
    return new VirtualScanner('./scanner.py', [folder, name, ...options]).ready();
  }

  /** Sends it as it is; a code ends with `\r`. */
  send = (text: string) => this.order(`send ${JSON.stringify(text)}`);
}
