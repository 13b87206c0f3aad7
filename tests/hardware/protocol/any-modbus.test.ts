/**
 * Modbus over a line that does all that lines do: late, never, twice, cut off, noise, wrong bits, in pieces, two units.
 *
 * Registers hold what only the right answer can say; every value handed out is that, or there is a fault.
 */
import { expect, test } from 'vitest';
import { encodeAdu } from '#hardware/framing/modbus-rtu.ts';
import type { ModbusRequest } from '#hardware/protocol/modbus/modbus-pdu.ts';
import { cut, FRAMES, FUZZ_LIMIT_MS, hex, joined, randomFrom } from '../framing/streams.ts';
import { Bus, never, talk } from './modbus-bus.ts';

const LIMIT_MS = 200;

test(
  'rules 16 to 19: no request is answered with what was not said to it, and none hangs',
  async () => {
    const random = randomFrom(1979);
    const bus = new Bus(false);
    const { clock, session } = await talk(bus, { baudRate: 115_200 });
    let answeredUntilMs = 0;
    bus.temper = (answer, say) => {
      const kind = random.below(100);
      const noise = random.bytes(random.below(10));
      const wrong = answer.with(random.below(answer.length), random.below(256));
      const wire =
        kind < 4
          ? answer.subarray(0, random.below(answer.length))
          : kind < 8
            ? joined([noise, answer])
            : kind < 12
              ? wrong
              : kind < 14
                ? joined([answer, noise])
                : kind < 15
                  ? joined([answer, encodeAdu(hex('02 04 02 de ad'))])
                  : kind < 18
                    ? noise
                    : answer;
      const tell = () => {
        if (kind === 20) bus.lineError();
        for (const piece of cut(random, wire)) say(piece);
      };
      // A unit answers in the order in which it was asked, and up to later than anyone waits.
      const nowMs = clock.monotonicMs();
      if (random.chance(0.12)) answeredUntilMs = Math.max(answeredUntilMs, nowMs) + random.below(LIMIT_MS * 3);
      if (answeredUntilMs <= nowMs) tell();
      else void clock.sleep(answeredUntilMs - nowMs).then(tell);
    };
    const outcomes = new Map<string, number>();
    for (let number = 0; number < FRAMES; number++) {
      const unit = random.chance(0.5) ? 1 : 2;
      const count = 1 + random.below(3);
      const address = random.below(900);
      // Other numbers for every question: an answer to another one is seen.
      const expected = Array.from({ length: count }, (_, at) => (number * 7 + at) & 0xffff);
      for (const [at, value] of expected.entries()) bus.values.set(`${unit} holding ${address + at}`, value);
      const request: ModbusRequest = random.chance(0.8)
        ? { kind: 'read', table: 'holding', address, count }
        : { kind: 'exchange', address: 950, values: [1], readAddress: address, readCount: count };
      let outcome = '';
      session.request(unit, request, never, LIMIT_MS).then(
        (values) => (outcome = values.join() === expected.join() ? 'answer' : `wrong: ${values.join()}`),
        (fault) => (outcome = fault.code),
      );
      for (let i = 0; i < 12 && outcome === ''; i++) await Promise.resolve();
      for (let i = 0; i < 60 && outcome === ''; i++) await clock.advance(i === 0 ? 2 : 50);
      if (!/^(?:answer|timeout|line-error|protocol-error)$/.test(outcome))
        expect([number, request, outcome]).toEqual([]);
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    }
    expect(outcomes.get('answer')).toBeGreaterThan(FRAMES * 0.5);
    expect(outcomes.get('timeout')).toBeGreaterThan(FRAMES * 0.05);
  },
  FUZZ_LIMIT_MS,
);
