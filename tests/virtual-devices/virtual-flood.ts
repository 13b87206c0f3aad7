/** A serial adapter that talks without pause at a stated pace, and drops what nobody takes in time (flood.py). */
import { Emulator } from './emulator.ts';

export class VirtualFlood extends Emulator {
  /** Plugs it in. @param folder of VIRTUAL_TTY_DIR */
  static start(folder: string, name: string): Promise<VirtualFlood> {
    return new VirtualFlood('./flood.py', [folder, name]).ready();
  }

  /** Begins to talk; the transport must be open. */
  flood = (bytesPerSecond: number, seconds: number) => this.order(`flood ${bytesPerSecond} ${seconds}`);
}
