/**
 * SCPI over a wire that does all that wires do: late, never, twice, cut off, garbage, line errors, in pieces.
 *
 * What every answer must be is known to the test: whatever is handed out is the answer to its own question, or a fault.
 */
import { expect, test } from 'vitest';
import { encodeBlock } from '#hardware/framing/block-488.ts';
import { ScpiSession } from '#hardware/protocol/scpi-session.ts';
import { SimulatedTransport, type PeerEnd } from '#hardware/transport/simulated/simulated-transport.ts';
import { FakeClock } from '../fake-clock.ts';
import { ascii, cut, FRAMES, FUZZ_LIMIT_MS, joined, randomFrom, type Random } from '../framing/streams.ts';

const never = new AbortController().signal;
const LIMIT_MS = 200;

/** Answers one question after the other; how, is a matter of chance. */
class UnrulyDevice {
  readonly #random: Random;
  readonly #clock: FakeClock;
  #end: PeerEnd | null = null;
  #line = '';
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
    this.#line += String.fromCharCode(...bytes);
    const lines = this.#line.split('\n');
    this.#line = lines.pop() ?? '';
    this.#waiting.push(...lines);
    this.#work();
  }

  #work(): void {
    const command = this.#isBusy ? undefined : this.#waiting.shift();
    if (command === undefined) return;
    const random = this.#random;
    const answer = this.#answer(command);
    // Up to as late as the session waits for what is late, and later.
    const delayMs = random.chance(0.12) ? 1 + random.below(LIMIT_MS * 3) : 0;
    const kind = random.below(100);
    const say = () => {
      if (kind < 4) this.#say(answer.subarray(0, random.below(answer.length)));
      else if (kind < 8) this.#say(joined([ascii('\0\x80\x01\n'), answer]));
      else if (kind < 10) this.#say(joined([answer, ascii('once more\n')]));
      else if (kind < 12) this.#end?.lineError('parity');
      else if (kind >= 15) this.#say(answer);
      this.#isBusy = false;
      this.#work();
    };
    if (delayMs === 0) return say();
    this.#isBusy = true;
    void this.#clock.sleep(delayMs).then(say);
  }

  #answer(command: string): Uint8Array {
    if (command === '*IDN?') return ascii('ACME,UNRULY,1,1\n');
    const body = ascii(`to ${command}`);
    return command.startsWith('B') ? joined([encodeBlock(body), ascii('\n')]) : joined([body, ascii('\n')]);
  }

  #say(bytes: Uint8Array): void {
    for (const piece of cut(this.#random, bytes)) this.#end?.send(piece);
  }
}

test(
  'rules 1 to 5, 7, 12: no question is answered with what was not said to it, and none hangs',
  async () => {
    const random = randomFrom(5050);
    const clock = new FakeClock();
    const transport = new SimulatedTransport('unruly', new UnrulyDevice(random, clock), clock);
    const session = new ScpiSession({ transport, clock, terminator: '\n', identityQuery: '*IDN?' });
    await transport.open(never);
    const outcomes = new Map<string, number>();
    for (let number = 0; number < FRAMES; number++) {
      const isBlock = random.chance(0.3);
      const command = `${isBlock ? 'B' : 'A'}${number}?`;
      let outcome = '';
      const asked: Promise<string> = isBlock
        ? session.queryBlock(command, never, LIMIT_MS).then((bytes) => String.fromCharCode(...bytes))
        : session.query(command, never, LIMIT_MS);
      asked.then(
        (answer) => (outcome = answer === `to ${command}` ? 'answer' : `wrong: ${answer}`),
        (fault) => (outcome = fault.code),
      );
      for (let i = 0; i < 12 && outcome === ''; i++) await Promise.resolve();
      // Late answers 0.2 s, silence 0.5 s, identity 1 s, the question itself 0.2 s: nothing takes longer.
      for (let i = 0; i < 50 && outcome === ''; i++) await clock.advance(50);
      if (!/^(?:answer|timeout|frame-error|line-error|protocol-error)$/.test(outcome))
        expect([command, outcome]).toEqual([]);
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    }
    // All of it happened, and most of it was answered.
    expect(outcomes.get('answer')).toBeGreaterThan(FRAMES * 0.6);
    expect(outcomes.get('timeout')).toBeGreaterThan(FRAMES * 0.05);
    expect(outcomes.get('line-error')).toBeGreaterThan(FRAMES * 0.005);
  },
  FUZZ_LIMIT_MS,
);
