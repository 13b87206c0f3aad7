import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ScpiSession } from '#hardware/protocol/scpi-session.ts';
import { SimulatedTransport, type PeerEnd } from '#hardware/transport/simulated/simulated-transport.ts';
import { FakeClock, flush } from '../fake-clock.ts';

const IDENTITY = 'ACME,FX-1,FX0001,1.0';
const never = new AbortController().signal;
const bytes = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0));

/** A device in the test's hand: answers at once what `answers` says, everything else is up to the test. */
async function talk({ terminator = '\n', greet = true } = {}) {
  const clock = new FakeClock();
  const commands: string[] = [];
  const answers = new Map<string, string>([['*IDN?', IDENTITY]]);
  let end: PeerEnd | null = null;
  const device = {
    attach: (peerEnd: PeerEnd) => void (end = peerEnd),
    receive: (received: Uint8Array) => {
      for (const command of String.fromCharCode(...received).split(/[\r\n]+/)) {
        if (command === '') continue;
        commands.push(command);
        const answer = answers.get(command);
        if (answer !== undefined) end?.send(bytes(answer + terminator));
      }
    },
  };
  const transport = new SimulatedTransport('fixture', device, clock);
  const session = new ScpiSession({ transport, clock, terminator, identityQuery: '*IDN?' });
  const unsolicited: string[] = [];
  session.onUnsolicited((line) => unsolicited.push(line));
  await transport.open(never);
  const say = (text: string) => end?.send(bytes(text));
  if (greet) await session.identify((answer) => answer === IDENTITY, never);
  commands.length = 0;
  return {
    clock,
    commands,
    answers,
    transport,
    session,
    unsolicited,
    say,
    cut: () => end?.cut('pulled'),
    lineError: () => end?.lineError('parity'),
  };
}

describe('a link in step', () => {
  test('rule 11: a query is answered with no timer served and none left behind', async () => {
    const { session, answers, clock, commands } = await talk();
    answers.set('V?', '3.301');
    expect(await session.query('V?', never)).toBe('3.301');
    expect(commands).toEqual(['V?']);
    expect(clock.timers).toBe(0);
  });

  test('rule 1: one request in flight, the others wait in order', async () => {
    const { session, commands, say } = await talk();
    const got: string[] = [];
    const all = ['A?', 'B?', 'C?'].map((query) => session.query(query, never).then((answer) => got.push(answer)));
    const told = session.write('D', never).then(() => got.push('told'));
    for (const answer of ['a', 'b', 'c']) {
      await flush();
      expect(commands).toHaveLength(got.length + 1);
      say(`${answer}\n`);
    }
    await Promise.all([...all, told]);
    await flush();
    expect(got).toEqual(['a', 'b', 'c', 'told']);
    expect(commands).toEqual(['A?', 'B?', 'C?', 'D']);
  });

  test('rule 7, pitfall 29: answers are whole however the bytes arrive', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat(30), { maxLength: 8 }),
        fc.constantFrom('\n', '\r\n', '\r'),
        async (cuts, terminator) => {
          const { session, say } = await talk({ terminator });
          const asked = session.query('V?', never);
          const line = `+3.3010 °C µV${terminator}`;
          const borders = [0, ...cuts.sort((a, b) => a - b), line.length];
          for (const [i, border] of borders.entries()) say(line.slice(border, borders[i + 1] ?? line.length));
          expect(await asked).toBe('+3.3010 °C µV');
        },
      ),
      { numRuns: 50 },
    );
  });

  test('pitfall 30: a device that is set to CR LF and sends LF alone is understood', async () => {
    const { session, say, commands } = await talk({ terminator: '\r\n' });
    const asked = session.query('V?', never);
    await flush();
    say('1\n');
    expect(await asked).toBe('1');
    expect(commands).toEqual(['V?']);
  });

  test.each(['a\nb', 'Ω?', 'a\0'])(
    'a command that is not one line of Latin-1 (%j) is refused and not sent',
    async (command) => {
      const { session, commands } = await talk();
      await expect(session.write(command, never)).rejects.toMatchObject({ code: 'protocol-error' });
      await expect(session.query(command, never)).rejects.toMatchObject({ code: 'protocol-error' });
      expect(commands).toEqual([]);
    },
  );
});

describe('out of step', () => {
  test('rule 2: silence ends in a time-out at the deadline, not before', async () => {
    const { session, clock } = await talk();
    let ended = '';
    const asked = session.query('V?', never, 300).catch((fault) => (ended = fault.code));
    await clock.advance(299);
    expect(ended).toBe('');
    await clock.advance(1);
    await asked;
    expect(ended).toBe('timeout');
    expect(clock.timers).toBe(0);
  });

  test('rule 2, pitfall 36: an answer after the deadline is too late, even if the timer is later still', async () => {
    const { session, clock, say, unsolicited } = await talk();
    const asked = expect(session.query('V?', never, 300)).rejects.toMatchObject({ code: 'timeout' });
    await flush();
    clock.stall(301);
    say('3.301\n');
    await asked;
    expect(unsolicited).toEqual(['3.301']);
  });

  test('rules 3, 4, 5, pitfall 32: a late answer is never the answer to the next question', async () => {
    const { session, clock, say, answers, commands, unsolicited } = await talk();
    const first = expect(session.query('A?', never, 300)).rejects.toMatchObject({ code: 'timeout' });
    await clock.advance(300);
    await first;
    answers.set('B?', 'b');
    const second = session.query('B?', never, 300);
    await clock.advance(200);
    expect(commands).toEqual(['A?']);
    say('a\n');
    await clock.advance(50);
    expect(await second).toBe('b');
    expect(commands).toEqual(['A?', '*IDN?', 'B?']);
    expect(unsolicited).toEqual(['a']);
  });

  test('rule 4: a late answer that comes during the identity question is dropped as well', async () => {
    const { session, clock, say, answers, unsolicited } = await talk();
    answers.delete('*IDN?');
    const first = session.query('A?', never, 300).catch(() => undefined);
    await clock.advance(300);
    await first;
    answers.set('B?', 'b');
    const second = session.query('B?', never, 300);
    await clock.advance(350);
    say('a\n');
    say(`${IDENTITY}\n`);
    await clock.advance(0);
    expect(await second).toBe('b');
    expect(unsolicited).toEqual([]);
  });

  test('rule 5: identities that come late, one for each try, are never an answer', async () => {
    const { session, clock, say, answers } = await talk();
    answers.delete('*IDN?');
    const ask = async (query: string, waitMs: number) => {
      const asked = session.query(query, never, 300).catch((fault) => fault.code);
      await clock.advance(waitMs);
      return asked;
    };
    expect(await ask('A?', 300)).toBe('timeout');
    // Two identity questions stay open, then the device wakes up and answers everything in order.
    expect(await ask('B?', 1300)).toBe('timeout');
    expect(await ask('C?', 1000)).toBe('timeout');
    const asked = session.query('D?', never, 300);
    await flush();
    say(`a\n${IDENTITY}\n`);
    await clock.advance(60);
    say(`${IDENTITY}\n`);
    await flush();
    say(`${IDENTITY}\n`);
    await flush();
    say('d\n');
    expect(await asked).toBe('d');
  });

  test('rule 5: an identity from before a query that was given up does not put the session in step', async () => {
    const { session, clock, say, answers } = await talk();
    answers.delete('*IDN?');
    const ask = (query: string) => session.query(query, never, 300).catch((fault) => fault.code);
    // One identity question stays open; another one puts the session in step.
    const first = ask('A?');
    await clock.advance(300);
    await first;
    const second = ask('B?');
    await clock.advance(1400);
    expect(await second).toBe('timeout');
    const third = ask('C?');
    await clock.advance(60);
    say(`${IDENTITY}\n`);
    await flush();
    // C is asked, and given up; then the open identity comes, and only after it the answer to C.
    await clock.advance(300);
    expect(await third).toBe('timeout');
    const fourth = ask('D?');
    await clock.advance(400);
    say(`${IDENTITY}\n`);
    await clock.advance(100);
    say('c\n');
    await clock.advance(100);
    say(`${IDENTITY}\n`);
    await flush();
    say('d\n');
    expect(await fourth).toBe('d');
  });

  test('rule 4: until the device says who it is, nothing is sent and nothing believed', async () => {
    const { session, clock, answers, commands } = await talk();
    const first = session.query('A?', never, 300).catch(() => undefined);
    await clock.advance(300);
    await first;
    answers.set('*IDN?', 'OTHER,DEVICE,1,1').set('B?', 'b');
    const second = expect(session.query('B?', never)).rejects.toMatchObject({ code: 'timeout' });
    const third = expect(session.write('OUTP ON', never)).rejects.toMatchObject({ code: 'timeout' });
    await clock.advance(3000);
    await second;
    await third;
    expect(commands).toEqual(['A?', '*IDN?', '*IDN?']);
  });

  test('rule 3: half a line and then silence is no part of the next answer', async () => {
    const { session, clock, say, answers } = await talk();
    const first = session.query('A?', never, 300).catch(() => undefined);
    await flush();
    say('9');
    await clock.advance(300);
    await first;
    answers.set('B?', '3.3');
    const second = session.query('B?', never);
    await clock.advance(400);
    expect(await second).toBe('3.3');
  });

  test('rule 3: noise before a question is no part of its answer', async () => {
    const { session, clock, say, answers, commands } = await talk();
    say('1');
    await clock.advance(60);
    answers.set('B?', '3.3');
    expect(await session.query('B?', never)).toBe('3.3');
    expect(commands).toEqual(['*IDN?', 'B?']);
  });

  test('rules 3, 6: who says more than was asked is asked who it is before it is believed again', async () => {
    const { session, clock, answers, unsolicited, commands } = await talk();
    answers.set('A?', 'a\nmore').set('B?', 'b');
    expect(await session.query('A?', never)).toBe('a');
    const second = session.query('B?', never);
    await clock.advance(50);
    expect(await second).toBe('b');
    expect(unsolicited).toEqual(['more']);
    expect(commands).toEqual(['A?', '*IDN?', 'B?']);
  });

  test('rule 4: a device that never stops talking is not believed', async () => {
    const { session, clock, say } = await talk();
    say('log 0\n');
    const asked = expect(session.query('A?', never)).rejects.toMatchObject({ code: 'protocol-error' });
    for (let i = 0; i < 30; i++) {
      say(`${i}\n`);
      await clock.advance(20);
    }
    await asked;
  });

  test.each<[string, string, string]>([
    ['control characters', '\0\xff\x80garbage3.301\n', 'frame-error'],
    ['three million bytes without an end', `${'1'.repeat(3_000_000)}\n`, 'frame-error'],
  ])('rule 7: %s are no answer, and the next one waits for the identity', async (_, noise, code) => {
    const { session, clock, say, answers, commands } = await talk();
    const first = expect(session.query('A?', never)).rejects.toMatchObject({ code });
    await flush();
    say(noise);
    await first;
    answers.set('B?', 'b');
    const second = session.query('B?', never);
    await clock.advance(50);
    expect(await second).toBe('b');
    expect(commands).toEqual(['A?', '*IDN?', 'B?']);
  });

  test('rule 3, pitfall 2: a line error in the middle of an answer damages it', async () => {
    const { session, say, lineError } = await talk();
    const asked = expect(session.query('A?', never)).rejects.toMatchObject({ code: 'line-error' });
    await flush();
    say('3.');
    lineError();
    say('3\n');
    await asked;
  });
});

describe('ends', () => {
  test('rule 8: a lost wire ends everything at once and for ever', async () => {
    const { session, cut, commands, clock } = await talk();
    const all = [session.query('A?', never), session.query('B?', never), session.write('C', never)].map((request) =>
      expect(request).rejects.toMatchObject({ code: 'lost', remedy: expect.stringContaining('cable') }),
    );
    await flush();
    cut();
    await Promise.all(all);
    await expect(session.query('D?', never)).rejects.toMatchObject({ code: 'lost' });
    expect(commands).toEqual(['A?']);
    expect(clock.timers).toBe(0);
  });

  test('rule 9: a stopped query ends at once, its answer is dropped, and waiting ones that are stopped are never sent', async () => {
    const { session, clock, say, answers, commands } = await talk();
    const stop = new AbortController();
    const current = expect(session.query('A?', stop.signal)).rejects.toMatchObject({ code: 'aborted' });
    const waiting = expect(session.write('OUTP ON', stop.signal)).rejects.toMatchObject({ code: 'aborted' });
    answers.set('B?', 'b');
    const last = session.query('B?', never);
    await flush();
    stop.abort('the stop button');
    await current;
    await waiting;
    await flush();
    say('a\n');
    await clock.advance(50);
    expect(await last).toBe('b');
    expect(commands).toEqual(['A?', '*IDN?', 'B?']);
    await expect(session.query('C?', stop.signal)).rejects.toMatchObject({ code: 'aborted' });
  });

  test('rule 9: a query that is stopped while the session gets in step leaves nothing behind', async () => {
    const { session, clock, say, answers } = await talk();
    say('unasked\n');
    const stop = new AbortController();
    const asked = expect(session.query('A?', stop.signal)).rejects.toMatchObject({ code: 'aborted' });
    await clock.advance(10);
    stop.abort();
    await asked;
    expect(clock.timers).toBe(0);
    answers.set('B?', 'b');
    await clock.advance(60);
    expect(await session.query('B?', never)).toBe('b');
  });

  test('rule 10: the safe state goes first, stops the rest, and is reached when the device has said who it is', async () => {
    const { session, commands, clock } = await talk();
    const stopped = [session.query('A?', never), session.write('OUTP ON', never)].map((request) =>
      expect(request).rejects.toMatchObject({ code: 'aborted' }),
    );
    await flush();
    const safe = session.makeSafe(['OUTP OFF', '*RST'], never);
    await Promise.all(stopped);
    await flush();
    expect(commands).toEqual(['A?', 'OUTP OFF', '*RST']);
    await clock.advance(1000);
    await safe;
    expect(commands).toEqual(['A?', 'OUTP OFF', '*RST', '*IDN?']);
  });

  test('rule 10: in step, the safe state is confirmed without any waiting', async () => {
    const { session, commands, clock } = await talk();
    await session.makeSafe(['OUTP OFF'], never);
    expect(commands).toEqual(['OUTP OFF', '*IDN?']);
    expect(clock.timers).toBe(0);
  });

  test('rule 10: a mute device got the commands, and the safe state was not reached', async () => {
    const { session, answers, clock, commands } = await talk();
    answers.clear();
    const safe = expect(session.makeSafe(['OUTP OFF'], never)).rejects.toMatchObject({ code: 'timeout' });
    await clock.advance(1000);
    await safe;
    expect(commands).toEqual(['OUTP OFF', '*IDN?']);
  });
});

describe('identity', () => {
  test('a device is told from another, from silence, and from a text that it sends at its start', async () => {
    const { session, clock, answers, say } = await talk({ greet: false });
    const ask = async (waitMs: number) => {
      const asked = session.identify((answer) => answer.startsWith('ACME,'), never);
      await clock.advance(waitMs);
      return asked;
    };
    answers.set('*IDN?', 'OTHER,1');
    expect(await ask(100)).toEqual({ kind: 'other', answer: 'OTHER,1' });
    answers.clear();
    expect(await ask(1000)).toEqual({ kind: 'silent' });
    say('booting\n');
    answers.set('*IDN?', `ready\n${IDENTITY}`);
    expect(await ask(200)).toEqual({ kind: 'match', answer: IDENTITY });
  });

  test('pitfall 3: garbage at a wrong baud rate is another device, not silence', async () => {
    const { session, clock, answers } = await talk({ greet: false });
    answers.set('*IDN?', '\x80\0\xff');
    const asked = session.identify(() => true, never);
    await clock.advance(100);
    expect(await asked).toMatchObject({ kind: 'other' });
  });

  test('the first answer is the identity when nobody said what to expect', async () => {
    const { session, answers, commands } = await talk({ greet: false });
    answers.set('V?', '1');
    expect(await session.query('V?', never)).toBe('1');
    expect(commands).toEqual(['*IDN?', 'V?']);
  });
});
