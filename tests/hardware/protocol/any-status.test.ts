/**
 * A label printer's `~HS` over a wire that does all that wires do: late, never, cut off, garbage, in pieces.
 *
 * Whether the printer can print changes before each label. A label goes out only where it could when it was asked for this
 * label, or where the printer has never said anything; and nothing hangs.
 */
import { expect, test } from 'vitest';
import { PrinterSession } from '#hardware/protocol/printer/printer-session.ts';
import { SimulatedTransport, type PeerEnd } from '#hardware/transport/simulated/simulated-transport.ts';
import { FakeClock } from '../fake-clock.ts';
import { ascii, cut, FRAMES, FUZZ_LIMIT_MS, randomFrom, type Random } from '../framing/streams.ts';

const never = new AbortController().signal;
/** Later than anyone waits for a status, and than it is waited for what is late. */
const LATEST_MS = 5_000;

/** Answers one question after the other; how, is a matter of chance. */
class UnrulyPrinter {
  readonly labels: string[] = [];
  /** What it would say if it were asked now. */
  hasPaper = true;
  readonly #random: Random;
  readonly #clock: FakeClock;
  #end: PeerEnd | null = null;
  #waiting: string[] = [];
  #isBusy = false;

  constructor(random: Random, clock: FakeClock) {
    this.#random = random;
    this.#clock = clock;
  }

  attach(end: PeerEnd): void {
    this.#end = end;
  }

  receive(bytes: Uint8Array): void {
    const text = String.fromCharCode(...bytes);
    if (text.startsWith('^XA')) this.labels.push(text);
    else this.#waiting.push(text.trim());
    this.#work();
  }

  #work(): void {
    const command = this.#isBusy ? undefined : this.#waiting.shift();
    if (command === undefined) return;
    const random = this.#random;
    const answer = this.#answer(command);
    const delayMs = random.chance(0.15) ? 1 + random.below(LATEST_MS) : 0;
    const kind = random.below(100);
    const say = () => {
      if (kind < 4) this.#say(answer.slice(0, random.below(answer.length)));
      else if (kind < 8) this.#say(`\x00\x80\x02*${answer}`);
      else if (kind < 11) this.#say(`\x02noise\x03${answer}`);
      else if (kind < 14) this.#say(answer.replace(/\d/, '\x00'));
      else if (kind >= 17) this.#say(answer);
      this.#isBusy = false;
      this.#work();
    };
    if (delayMs === 0) return say();
    this.#isBusy = true;
    void this.#clock.sleep(delayMs).then(say);
  }

  #answer(command: string): string {
    if (command === '~HI') return '\x02ZD421-203dpi,V84.20.21Z,8,8192KB\x03\r\n';
    if (command !== '~HS') return '';
    const paperOut = this.hasPaper ? 0 : 1;
    return `\x02030,${paperOut},0,0812,000,0,0,0,000,0,0,0\x03\r\n\x02000,0,0,0,0,2,4,0,00000000,1,000\x03\r\n\x021234,0\x03\r\n`;
  }

  #say(text: string): void {
    for (const piece of cut(this.#random, ascii(text))) this.#end?.send(piece);
  }
}

test(
  'rules 28, 29: no label goes to a printer that cannot print, whatever it says of earlier labels, and none hangs',
  async () => {
    const random = randomFrom(2828);
    const clock = new FakeClock();
    const outcomes = new Map<string, number>();
    let number = 0;
    while (number < FRAMES) {
      const printer = new UnrulyPrinter(random, clock);
      const transport = new SimulatedTransport('unruly', printer, clock);
      const session = new PrinterSession({ transport, clock, language: 'zpl', baudRate: 9600, identityQuery: '' });
      await transport.open(never);
      // The same printer for a while, as between two plugs of its cable.
      for (const last = number + 1 + random.below(60); number < last; number++) {
        printer.hasPaper = random.chance(0.6);
        const label = `^XA^FD${number}^FS^XZ`;
        let outcome = '';
        session.print(ascii(label), never).then(
          () => (outcome = 'printed'),
          (fault) => (outcome = fault.code),
        );
        for (let i = 0; i < 12 && outcome === ''; i++) await Promise.resolve();
        for (let i = 0; i < 40 && outcome === ''; i++) await clock.advance(100);
        const without = session.takeLines().length > 0;
        if (without) outcome += ' without a status';
        const isTrue = outcome === 'printed' ? printer.hasPaper : without || outcome !== '';
        const went = printer.labels.splice(0);
        if (!isTrue || went.length !== (outcome.startsWith('printed') ? 1 : 0))
          expect({ number, outcome, hasPaper: printer.hasPaper, went }).toEqual({});
        outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
        if (random.chance(0.3)) await clock.advance(random.below(3_000));
      }
      session.close();
    }
    // All of it happened.
    expect(outcomes.get('printed')).toBeGreaterThan(FRAMES * 0.25);
    expect(outcomes.get('instrument-error')).toBeGreaterThan(FRAMES * 0.15);
    expect(outcomes.get('timeout')).toBeGreaterThan(FRAMES * 0.02);
    expect(outcomes.get('protocol-error')).toBeGreaterThan(FRAMES * 0.02);
    expect([...outcomes.keys()].sort()).toEqual([
      'instrument-error',
      'printed',
      'printed without a status',
      'protocol-error',
      'timeout',
    ]);
  },
  FUZZ_LIMIT_MS,
);
