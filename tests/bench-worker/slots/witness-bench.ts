/**
 * A simulated bench that remembers who said what when: instruments that answer for whom they were told to, by number.
 *
 * `FOR left` says whom the next answers are for, `WHO?` is answered `left#57`, `PWR?` whether the instrument is on. The
 * wires, sessions and plugs around it are the station's own.
 */
import type { Clock } from '#base/clock.ts';
import { SimulatedBench, type SimulatedWire } from '#hardware/transport/simulated/simulated-bench.ts';
import { SimulatedInstrument, type Reply } from '#hardware/transport/simulated/simulated-instrument.ts';
import { SimulatedTransport } from '#hardware/transport/simulated/simulated-transport.ts';
import type { Transport } from '#hardware/transport/transport.ts';

/** What is asked may take this long, now and then longer than any phase has. */
export interface Pace {
  /** @returns ms until the answer comes; null when it never does */
  readonly delayMs: () => number | null;
}

export interface Heard {
  readonly plug: string;
  /** Empty: all slots share it. */
  readonly slot: string;
  readonly command: string;
  readonly atMs: number;
}

export class WitnessBench extends SimulatedBench {
  readonly heard: Heard[] = [];
  /** By its number: whom an answer was for, when it was asked. */
  readonly asked: { readonly whom: string; readonly plug: string; readonly atMs: number }[] = [];
  readonly #on = new Map<string, boolean>();
  readonly #whom = new Map<string, string>();
  readonly #pace: Pace;

  constructor(pace: Pace) {
    super({ plugs: new Map(), units: [], slots: new Map() }, 1);
    this.#pace = pace;
  }

  /** Names of the plugs that are on. */
  get powered(): string[] {
    return [...this.#on].flatMap(([name, isOn]) => (isOn ? name : []));
  }

  override transport({ key, slot = '', terminator }: SimulatedWire, clock: Clock): Transport {
    const name = slot === '' ? key : `${slot}/${key}`;
    const reply = (command: string) => this.#reply({ plug: key, slot, command, atMs: clock.monotonicMs() }, name);
    const instrument = new SimulatedInstrument({ label: name, terminator, clock, isCut: () => false, reply });
    return new SimulatedTransport(name, instrument, clock);
  }

  #reply(heard: Heard, name: string): Reply {
    const { command, plug, atMs } = heard;
    this.heard.push(heard);
    if (command === '*IDN?') return { text: `WITNESS,${name.toUpperCase()},0,0` };
    if (command.startsWith('OUTP ')) this.#on.set(name, command === 'OUTP ON');
    if (command.startsWith('FOR ')) this.#whom.set(name, command.slice(4));
    if (!command.endsWith('?')) return {};
    const delayMs = this.#pace.delayMs();
    if (delayMs === null) return {};
    if (command === 'PWR?') return { delayMs, text: this.#on.get(name) ? '1' : '0' };
    const whom = this.#whom.get(name) ?? 'nobody';
    return { delayMs, text: `${whom}#${this.asked.push({ whom, plug, atMs }) - 1}` };
  }
}
