/**
 * A SCPI fixture on a serial adapter that can be plugged, pulled, muted and asked what it heard.
 *
 * `scpi-fixture.py` is its other half. Above it: the browser tests. Knows nothing of the browser or the app.
 */
import { Emulator } from './emulator.ts';

export interface FixtureIds {
  readonly vid?: string;
  readonly pid?: string;
  readonly serial?: string;
}

export class VirtualFixture extends Emulator {
  /** Starts a fixture and plugs it in. @param folder of VIRTUAL_TTY_DIR */
  static start(folder: string, name: string, ids: FixtureIds = {}): Promise<VirtualFixture> {
    const options = Object.entries(ids).flatMap(([key, value]) => [`--${key}`, value]);
    return new VirtualFixture('./scpi-fixture.py', [folder, name, ...options]).ready();
  }

  set = (query: string, answer: string) => this.order(`set ${query} = ${answer}`);

  /** Every command that came in since the mark. */
  heard(sinceMark = 0): string[] {
    return this.since(sinceMark).flatMap(({ event, line }) => (event === 'heard' && line ? [line] : []));
  }

  /** Waits until this command has come in since the mark. */
  async hears(command: string, sinceMark = this.mark): Promise<void> {
    await this.next(({ event, line }) => event === 'heard' && line === command, sinceMark);
  }
}
