import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encodeAdu } from '#hardware/framing/modbus-rtu.ts';
import { flush } from '../fake-clock.ts';
import { hex } from '../framing/streams.ts';
import { Bus, never, talk } from './modbus-bus.ts';

const READ: { kind: 'read'; table: 'holding'; address: number; count: number } = {
  kind: 'read',
  table: 'holding',
  address: 5,
  count: 1,
};
const answerTo = (unit: string, value: string) => encodeAdu(hex(`${unit} 03 02 ${value}`));

describe('a line in step', () => {
  test('rule 16: reads, writes and exchanges, in words and as requests', async () => {
    const { bus, session, clock } = await talk();
    const run = async <T>(asked: Promise<T>) => {
      await clock.advance(5);
      return asked;
    };
    await run(session.write('relay = on', never));
    expect(await run(session.query('relay?', never))).toBe('1');
    bus.values.set('2 holding 1', 253);
    expect(await run(session.query('level?', never))).toBe('25.3');
    await run(session.write('holding 30 = 1, 2, 3', never));
    expect(await run(session.query('holding 30 3?', never))).toBe('1,2,3');
    expect(await run(session.query('holding 40 = 7; holding 30 2?', never))).toBe('1,2');
    expect(bus.values.get('1 holding 40')).toBe(7);
    expect(await run(session.request(2, { ...READ, address: 1 }, never))).toEqual([253]);
    expect(clock.timers).toBe(0);
  });

  test('rule 16: an answer is whole however its bytes arrive, with noise in front of it', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(12), { maxLength: 5 }), fc.uint8Array({ maxLength: 5 }), async (cuts, noise) => {
        const { bus, session } = await talk();
        bus.temper = (answer, say) => {
          const wire = Uint8Array.from([...noise, ...answer]);
          const borders = [0, ...cuts.sort((a, b) => a - b), wire.length];
          for (const [i, border] of borders.entries()) say(wire.subarray(border, borders[i + 1] ?? wire.length));
        };
        bus.values.set('1 holding 5', 0x1234);
        expect(await session.request(1, READ, never)).toEqual([0x1234]);
      }),
      { numRuns: 100 },
    );
  });

  test('rule 16: an exception is a fault that names it, and costs no step', async () => {
    const { session, clock } = await talk();
    await expect(session.query('holding 1000?', never)).rejects.toMatchObject({
      code: 'instrument-error',
      message: expect.stringContaining('exception 2 (illegal data address)'),
    });
    const next = session.query('model?', never);
    await clock.advance(5);
    expect(await next).toBe('0');
  });

  test('rule 17: a request waits for the silence that its baud rate asks for', async () => {
    const { bus, session, clock } = await talk();
    await session.request(1, READ, never);
    const second = session.request(1, READ, never);
    await clock.advance(2);
    expect(bus.requests).toHaveLength(1);
    await clock.advance(1);
    await second;
    expect(bus.requests).toHaveLength(2);
  });

  test('rule 1, 18: one request in flight, whatever the unit; the others wait in order', async () => {
    const { bus, session, clock } = await talk();
    const answers: (() => void)[] = [];
    bus.temper = (answer, say) => answers.push(() => say(answer));
    const got: number[] = [];
    const all = [1, 2, 1].map((unit, at) => session.request(unit, READ, never).then(() => got.push(at)));
    for (let at = 0; at < 3; at++) {
      await clock.advance(5);
      expect(bus.requests).toHaveLength(at + 1);
      answers[at]!();
    }
    await Promise.all(all);
    expect(got).toEqual([0, 1, 2]);
    expect(bus.requests.map((request) => request.slice(0, 2))).toEqual(['01', '02', '01']);
  });
});

describe('out of step', () => {
  test('rules 2, 19: silence ends in a time-out by name; a late answer is not the next one’s', async () => {
    const { bus, session, clock, unsolicited } = await talk();
    bus.temper = () => undefined;
    const first = expect(session.request(1, READ, never, 300)).rejects.toMatchObject({
      code: 'timeout',
      message: expect.stringContaining('Unit 1'),
    });
    await clock.advance(300);
    await first;
    bus.temper = (answer, say) => say(answer);
    bus.values.set('1 holding 5', 2);
    const second = session.request(1, READ, never, 300);
    await clock.advance(100);
    // The same question again, and the answer to the first one comes only now.
    bus.say(answerTo('01', '00 01'));
    await clock.advance(60);
    expect(await second).toEqual([2]);
    expect(bus.requests).toHaveLength(2);
    expect(unsolicited).toEqual([]);
  });

  test('rule 19: what never comes is settled by an echo, which no owed answer can be', async () => {
    const { bus, session, clock } = await talk();
    bus.temper = () => undefined;
    const first = session.request(1, READ, never, 300).catch(() => undefined);
    await clock.advance(300);
    await first;
    bus.temper = (answer, say) => say(answer);
    const second = session.request(1, READ, never, 300);
    await clock.advance(400);
    expect(await second).toEqual([0]);
    expect(bus.requests[1]).toMatch(/^01 08 00 00/);
  });

  test('rule 19: a unit that refuses the echo has answered it; one that ignores it is asked for another length', async () => {
    for (const manner of ['refuses', 'ignores'] as const) {
      const { bus, session, clock } = await talk();
      bus.temper = () => undefined;
      const first = session.request(1, READ, never, 300).catch(() => undefined);
      await clock.advance(300);
      await first;
      bus.temper = (answer, say, request) => {
        if (request.kind !== 'echo') say(answer);
        else if (manner === 'refuses') say(encodeAdu(hex('01 88 01')));
      };
      const second = session.request(1, READ, never, 300);
      await clock.advance(1500);
      expect(await second, manner).toEqual([0]);
      expect(bus.requests).toHaveLength(manner === 'refuses' ? 3 : 4);
      if (manner === 'ignores') expect(bus.requests[2]).toBe('01 03 00 00 00 02');
    }
  });

  test('rule 19: the answer to a test question may come late as well, and is no other question’s', async () => {
    const { bus, session, clock } = await talk();
    bus.values.set('1 holding 0', 0xdead).set('1 holding 5', 7);
    const held: (() => void)[] = [];
    bus.temper = (answer, say, request) => {
      if (request.kind !== 'echo') held.push(() => say(answer));
    };
    const first = session.request(1, { ...READ, count: 2 }, never, 300).catch(() => undefined);
    await clock.advance(300);
    await first;
    // What is owed comes while the test question waits for its own answer, which is as long as that to the next request.
    const second = session.request(1, READ, never, 300);
    await clock.advance(1000);
    expect(bus.requests.at(-1)).toBe('01 03 00 00 00 01');
    held[0]!();
    await clock.advance(20);
    held[1]!();
    await clock.advance(20);
    held[2]!();
    expect(await second).toEqual([7]);
  });

  test('rules 18, 19: a dead unit is not believed and not asked; the others on its line are', async () => {
    const { bus, session, clock } = await talk();
    bus.units.delete(2);
    const ask = async (unit: number) => {
      const asked = session.request(unit, READ, never, 300).catch((fault) => fault.code);
      await clock.advance(2000);
      return asked;
    };
    expect(await ask(2)).toBe('timeout');
    expect(await ask(1)).toEqual([0]);
    expect(await ask(2)).toBe('timeout');
    expect(await ask(1)).toEqual([0]);
    bus.units.add(2);
    expect(await ask(2)).toEqual([0]);
  });

  test('rule 2, pitfall 36: an answer after the deadline is too late, even if the timer is later still', async () => {
    const { bus, session, clock, unsolicited } = await talk();
    let say = () => {};
    bus.temper = (answer, send) => (say = () => send(answer));
    const asked = expect(session.request(1, READ, never, 300)).rejects.toMatchObject({ code: 'timeout' });
    await flush();
    clock.stall(301);
    say();
    await asked;
    expect(unsolicited).toEqual(['01 03 02 00 00']);
  });

  test('rules 6, 19: a stray frame is told, and costs a silence', async () => {
    const { bus, session, clock, unsolicited } = await talk();
    bus.say(answerTo('02', 'be ef'));
    expect(unsolicited).toEqual(['02 03 02 be ef']);
    const asked = session.request(1, READ, never);
    await clock.advance(40);
    expect(bus.requests).toEqual([]);
    await clock.advance(20);
    expect(await asked).toEqual([0]);
  });

  test('rule 19: a line that is never silent is not believed', async () => {
    const { bus, session, clock } = await talk();
    bus.say(answerTo('01', '00 00'));
    const asked = expect(session.request(1, READ, never)).rejects.toMatchObject({ code: 'protocol-error' });
    for (let i = 0; i < 30; i++) {
      bus.say(hex('ff'));
      await clock.advance(20);
    }
    await asked;
  });

  test('rule 3: a line error while an answer is awaited is no answer', async () => {
    const { bus, session } = await talk();
    bus.temper = () => undefined;
    const asked = expect(session.request(1, READ, never)).rejects.toMatchObject({ code: 'line-error' });
    await flush();
    bus.lineError();
    await asked;
  });

  test('rule 21: what no request can hold is refused and not sent', async () => {
    const { bus, session } = await talk();
    await expect(session.request(1, { ...READ, count: 999 }, never)).rejects.toMatchObject({ code: 'protocol-error' });
    await expect(session.write('level = 99999', never)).rejects.toMatchObject({ code: 'protocol-error' });
    expect(bus.requests).toEqual([]);
  });
});

describe('ends', () => {
  test('rule 8: a lost wire ends everything at once and for ever', async () => {
    const { bus, session, clock } = await talk();
    bus.temper = () => undefined;
    const all = [session.request(1, READ, never), session.write('relay = on', never)].map((one) =>
      expect(one).rejects.toMatchObject({ code: 'lost' }),
    );
    await flush();
    bus.cut();
    await Promise.all(all);
    await expect(session.query('model?', never)).rejects.toMatchObject({ code: 'lost' });
    expect(clock.timers).toBe(0);
  });

  test('rule 9: a stopped request ends at once; its answer is dropped', async () => {
    const { bus, session, clock } = await talk();
    let say = () => {};
    bus.temper = (answer, send) => (say = () => send(answer));
    const stop = new AbortController();
    const asked = expect(session.request(1, READ, stop.signal)).rejects.toMatchObject({ code: 'aborted' });
    await flush();
    stop.abort();
    await asked;
    bus.temper = (answer, send) => send(answer);
    bus.values.set('1 holding 5', 9);
    const next = session.request(1, READ, never);
    await clock.advance(10);
    say();
    await clock.advance(100);
    expect(await next).toEqual([9]);
  });

  test('rule 20: the safe state goes first, stops the rest, and is reached when each write was confirmed', async () => {
    const { bus, session, clock } = await talk();
    bus.values.set('1 coil 0', 1).set('2 holding 1', 500);
    bus.temper = () => undefined;
    const stopped = expect(session.query('model?', never)).rejects.toMatchObject({ code: 'aborted' });
    await flush();
    bus.temper = (answer, say) => say(answer);
    const safe = session.makeSafe(['relay = off', 'level = 0'], never);
    await stopped;
    await flush();
    // The unit that owes an answer gets it blindly first.
    expect(bus.requests.slice(1)).toEqual(['01 05 00 00 00 00']);
    expect(bus.values.get('1 coil 0')).toBe(0);
    await clock.advance(2000);
    await safe;
    expect(bus.values.get('2 holding 1')).toBe(0);
  });

  test('rule 20: in step the first command is on the wire before anything is waited for', async () => {
    const { bus, session, clock } = await talk();
    const safe = session.makeSafe(['relay = off'], never);
    await Promise.resolve();
    expect(bus.requests).toEqual(['01 05 00 00 00 00']);
    await safe;
    expect(clock.timers).toBe(0);
  });

  test('rule 20: one command that fails keeps none of the others from being sent, and the state was not reached', async () => {
    const { bus, session, clock } = await talk();
    bus.units.delete(1);
    bus.values.set('2 holding 1', 500);
    const safe = expect(session.makeSafe(['relay = off', 'level = 0'], never)).rejects.toMatchObject({
      code: 'timeout',
    });
    await clock.advance(3000);
    await safe;
    expect(bus.values.get('2 holding 1')).toBe(0);
  });
});

describe('identity', () => {
  test('a unit is told from another and from silence; a register or any answer says who it is', async () => {
    const bus = new Bus();
    bus.values.set('1 holding 0', 4711);
    const { session, clock } = await talk(bus);
    expect(await session.identify((answer) => answer === '4711', never)).toEqual({ kind: 'match', answer: '4711' });
    const other = session.identify((answer) => answer === '4712', never);
    await clock.advance(5);
    expect(await other).toEqual({ kind: 'other', answer: '4711' });
    const any = await talk(bus, { identityQuery: '' });
    expect(await any.session.identify(() => true, never)).toEqual({ kind: 'match', answer: 'Modbus unit 1' });
    bus.units.clear();
    const silent = session.identify(() => true, never);
    await clock.advance(3000);
    expect(await silent).toEqual({ kind: 'silent' });
  });

  test('a unit that refuses the identity register is another device; where any answer will do, it is there', async () => {
    const { session } = await talk(new Bus(), { identityQuery: 'holding 2000?' });
    expect(await session.identify(() => true, never)).toMatchObject({ kind: 'other' });
  });
});
