/**
 * The simulated twin of a SCPI instrument: keeps its settings, answers by them, and has an error queue.
 *
 * Headers are taken in their short form, with or without a leading colon, in either case. Above it: the twins of the
 * drivers, which say what is measured. Knows nothing of wires.
 */
import type { Twin, TwinReply } from '#hardware/instrument/twin.ts';

/** The value of a setting by its header: numbers as numbers, ON and OFF as 1 and 0. */
export type State = (header: string) => number;

export interface TwinSettings {
  /** Settings by their header, with their value after power-on. */
  readonly settings: Readonly<Record<string, string>>;
  /** Queries, and what they answer by the settings. */
  readonly answers?: Readonly<Record<string, (state: State) => number | string | Uint8Array>>;
  /** Commands that are more than a header and a value. @returns false when it is none of them */
  readonly act?: (command: string, keep: Map<string, string>) => TwinReply | false;
}

const NO_ERROR = '0,"No error"';
const UNKNOWN = '-113,"Undefined header"';
/** What IEEE 488.2 asks of every instrument, and answers that mean “all is well”. */
const STANDARD: Readonly<Record<string, string>> = { '*OPC?': '1', '*STB?': '0', '*ESR?': '0', '*TST?': '0' };
const IGNORED: readonly string[] = ['*CLS', '*WAI', '*OPC', '*TRG'];

export class ScpiTwin implements Twin {
  readonly #is: TwinSettings;
  readonly #settings: Map<string, string>;
  readonly #errors: string[] = [];

  constructor(is: TwinSettings) {
    this.#is = is;
    this.#settings = new Map(Object.entries(is.settings));
  }

  reply(command: string): TwinReply | undefined {
    const line = command.trim().replace(/^:/, '');
    const acted = this.#is.act?.(line, this.#settings);
    if (acted) return acted;
    const [header = '', ...values] = line.split(/\s+/);
    const name = header.toUpperCase();
    return name.endsWith('?') ? this.#answer(line.toUpperCase(), name) : this.#take(name, values.join(' '));
  }

  #answer(query: string, name: string): TwinReply | undefined {
    // Who a simulated instrument is, the bench says.
    if (name === '*IDN?') return undefined;
    if (name === 'SYST:ERR?') return { text: this.#errors.shift() ?? NO_ERROR };
    const standard = STANDARD[name];
    if (standard !== undefined) return { text: standard };
    const answers = this.#is.answers ?? {};
    const answer = Object.hasOwn(answers, query) ? answers[query] : undefined;
    if (answer) return replyOf(answer((header) => valueOf(this.#settings.get(header))));
    const kept = this.#settings.get(name.slice(0, -1));
    if (kept !== undefined) return { text: Number.isNaN(valueOf(kept)) ? kept : String(valueOf(kept)) };
    this.#errors.push(UNKNOWN);
    return undefined;
  }

  #take(name: string, value: string): TwinReply | undefined {
    if (name === '*RST') {
      for (const [header, first] of Object.entries(this.#is.settings)) this.#settings.set(header, first);
      return {};
    }
    if (IGNORED.includes(name)) return {};
    if (!this.#settings.has(name)) {
      this.#errors.push(UNKNOWN);
      return undefined;
    }
    this.#settings.set(name, value.toUpperCase());
    return {};
  }
}

function replyOf(answer: number | string | Uint8Array): TwinReply {
  // A block too ends with the message's own end, NL.
  if (answer instanceof Uint8Array) return { raw: Uint8Array.from([...answer, 10]) };
  // Seven digits: what a good bench instrument prints.
  return { text: typeof answer === 'number' ? String(Number(answer.toPrecision(7))) : answer };
}

/** NaN for a word. */
function valueOf(kept: string | undefined): number {
  if (kept === 'ON') return 1;
  return kept === 'OFF' || kept === undefined ? 0 : Number(kept);
}
