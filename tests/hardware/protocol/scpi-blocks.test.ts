/** Blocks, frames other than lines, and the error queue, over a session. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encodeBlock } from '#hardware/framing/block-488.ts';
import { encodeFrame, type Framing } from '#hardware/framing/framing.ts';
import { samplesOf } from '#hardware/protocol/block-samples.ts';
import { drainErrors, operationComplete, wordsOf } from '#hardware/protocol/scpi-errors.ts';
import { ScpiSession, type ScpiSessionOptions } from '#hardware/protocol/scpi-session.ts';
import { SimulatedTransport, type PeerEnd } from '#hardware/transport/simulated/simulated-transport.ts';
import { FakeClock, flush } from '../fake-clock.ts';
import { ascii, hex, joined, shown } from '../framing/streams.ts';

const never = new AbortController().signal;

/** A device that answers what the test has put into `answers`, and says what the test says. */
async function talk(options: Partial<ScpiSessionOptions> = {}, answers = new Map([['*IDN?', 'ACME']])) {
  const clock = new FakeClock();
  const received: Uint8Array[] = [];
  let end: PeerEnd | null = null;
  const device = {
    attach: (peerEnd: PeerEnd) => void (end = peerEnd),
    receive: (bytes: Uint8Array) => {
      received.push(bytes);
      const answer = answers.get(String.fromCharCode(...bytes).trim());
      if (answer !== undefined) end?.send(ascii(`${answer}\n`));
    },
  };
  const transport = new SimulatedTransport('scope', device, clock);
  const session = new ScpiSession({ transport, clock, terminator: '\n', identityQuery: '*IDN?', ...options });
  const unsolicited: string[] = [];
  session.onUnsolicited((line) => unsolicited.push(line));
  await transport.open(never);
  return { clock, session, answers, received, unsolicited, say: (bytes: Uint8Array) => end?.send(bytes) };
}

describe('blocks', () => {
  test('rule 12, pitfall 31: a block with any bytes in it comes whole, however it is cut', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 60 }), fc.array(fc.nat(70)), async (body, cuts) => {
        const { session, say } = await talk();
        await session.identify(() => true, never);
        const asked = session.queryBlock('CURV?', never);
        await flush();
        const wire = joined([encodeBlock(body), ascii('\n')]);
        const borders = [0, ...cuts.sort((a, b) => a - b), wire.length];
        for (const [i, border] of borders.entries()) say(wire.subarray(border, borders[i + 1] ?? wire.length));
        expect(shown(await asked)).toBe(shown(body));
      }),
      { numRuns: 60 },
    );
  });

  test('rule 12: lines are heard again after a block, also in the same chunk, and what nobody asked for costs the step', async () => {
    const { session, say, answers, clock, unsolicited } = await talk();
    await session.identify(() => true, never);
    const asked = session.queryBlock('CURV?', never);
    await flush();
    say(ascii('#12\n\n\nunasked\n'));
    expect(shown(await asked)).toBe('0a 0a');
    expect(unsolicited).toEqual(['unasked']);
    answers.set('V?', '3.3');
    const next = session.query('V?', never);
    await clock.advance(60);
    expect(await next).toBe('3.3');
  });

  test('rule 12: a block that lost a byte is none, and the next answer is its own', async () => {
    const { session, say, answers, clock } = await talk();
    await session.identify(() => true, never);
    const asked = expect(session.queryBlock('CURV?', never, 300)).rejects.toMatchObject({ code: 'timeout' });
    await flush();
    say(ascii('#15hell\n'));
    await clock.advance(300);
    await asked;
    answers.set('V?', '3.3');
    const next = session.query('V?', never);
    await clock.advance(400);
    expect(await next).toBe('3.3');
  });

  test.each<[string, string, string]>([
    ['a line of text', '-113,"Undefined header"\n', 'protocol-error'],
    ['a block of unknown length', '#0abc\n', 'frame-error'],
    ['a length that is no number', '#2xx\n', 'frame-error'],
    ['a length past every limit', '#9999999999', 'frame-error'],
  ])('rule 12: %s is refused by name', async (_, wire, code) => {
    const { session, say } = await talk();
    await session.identify(() => true, never);
    const asked = expect(session.queryBlock('CURV?', never)).rejects.toMatchObject({ code });
    await flush();
    say(ascii(wire));
    await asked;
  });

  test('rules 3, 12: a block that comes too late is dropped and costs the step', async () => {
    const { session, say, clock, unsolicited } = await talk();
    await session.identify(() => true, never);
    const asked = expect(session.queryBlock('CURV?', never, 300)).rejects.toMatchObject({ code: 'timeout' });
    await flush();
    clock.stall(301);
    say(ascii('#11a\n'));
    await asked;
    expect(unsolicited).toEqual(['(a block of 1 bytes)']);
  });
});

describe('samples', () => {
  test.each([
    ['int8', 'big', '7f 80', [127, -128]],
    ['uint8', 'little', '7f 80', [127, 128]],
    ['int16', 'big', '7f ff 80 00', [32_767, -32_768]],
    ['int16', 'little', 'ff 7f 00 80', [32_767, -32_768]],
    ['uint16', 'big', '80 00', [32_768]],
    ['int32', 'little', 'ff ff ff ff', [-1]],
    ['float32', 'big', '3f c0 00 00', [1.5]],
    ['float64', 'big', 'c0 00 00 00 00 00 00 00', [-2]],
  ] as const)('rule 13: %s, %s endian: %s', (type, order, bytes, values) => {
    expect([...samplesOf(hex(bytes), type, order)]).toEqual(values);
  });

  test('rule 13: scaled, also from the middle of a larger buffer; half a sample is refused', () => {
    const inside = hex('aa 00 02 00 04 bb').subarray(1, 5);
    expect([...samplesOf(inside, 'int16', 'big', (sample) => sample / 2)]).toEqual([1, 2]);
    expect(() => samplesOf(hex('00 01 02'), 'int16', 'big')).toThrow(
      expect.objectContaining({ code: 'protocol-error' }),
    );
  });
});

describe('frames other than lines', () => {
  test.each<[string, Framing]>([
    ['SLIP', { kind: 'slip' }],
    ['COBS', { kind: 'cobs' }],
    ['length', { kind: 'length', widthBytes: 2, endian: 'big', includesHeader: true }],
  ])('rule 14: text over %s', async (_, framing) => {
    const { session, say, received } = await talk({ framing });
    const asked = session.identify(() => true, never);
    await flush();
    expect(received.map(shown)).toEqual([shown(encodeFrame(framing, ascii('*IDN?')))]);
    say(encodeFrame(framing, ascii('ACME')));
    expect(await asked).toMatchObject({ answer: 'ACME' });
  });

  test('rule 14: bytes as hexadecimal, in both directions', async () => {
    const options = { framing: { kind: 'cobs' }, coding: 'hex', identityQuery: '01' } as const;
    const { session, say, received } = await talk(options);
    const found = session.identify(() => true, never);
    await flush();
    say(encodeFrame(options.framing, hex('0a 00 0d')));
    expect(await found).toMatchObject({ answer: '0a 00 0d' });
    const asked = session.query('02 FF00', never);
    await flush();
    expect(shown(received.at(-1)!)).toBe(shown(encodeFrame(options.framing, hex('02 ff 00'))));
    say(encodeFrame(options.framing, hex('00')));
    expect(await asked).toBe('00');
    await expect(session.write('2', never)).rejects.toMatchObject({ code: 'protocol-error' });
  });

  test('rule 14: a frame that does not fit is refused and not sent', async () => {
    const options = { framing: { kind: 'fixed', frameBytes: 2 }, coding: 'hex', identityQuery: '00 01' } as const;
    const { session, say, received } = await talk(options);
    const found = session.identify(() => true, never);
    await flush();
    say(hex('aa bb'));
    await found;
    await expect(session.write('01 02 03', never)).rejects.toMatchObject({
      code: 'protocol-error',
      message: expect.stringContaining('every frame has 2'),
    });
    expect(received).toHaveLength(1);
  });

  test('rules 3, 14: a damaged frame is no answer, and costs the step', async () => {
    const { session, say, clock } = await talk({ framing: { kind: 'slip' } });
    const found = session.identify(() => true, never);
    await flush();
    say(encodeFrame({ kind: 'slip' }, ascii('ACME')));
    await found;
    const asked = expect(session.query('V?', never)).rejects.toMatchObject({ code: 'frame-error' });
    await flush();
    say(hex('c0 31 db 31 c0'));
    await asked;
    const next = expect(session.query('V?', never)).rejects.toMatchObject({ code: 'timeout' });
    await clock.advance(2000);
    await next;
  });
});

describe('the error queue', () => {
  const queue = (...answers: string[]) => ({
    write: () => Promise.resolve(),
    query: () => Promise.resolve(answers.length > 1 ? answers.shift()! : answers[0]!),
  });

  test('rule 15: is asked until it says that there is none', async () => {
    const errors = await drainErrors(
      queue('-113,"Undefined header"', '+101, "Out of ""range"""', '+0,"No error"'),
      never,
    );
    expect(errors).toEqual([
      { code: -113, message: 'Undefined header' },
      { code: 101, message: 'Out of ""range""' },
    ]);
    expect(wordsOf(errors)).toBe('-113 Undefined header; 101 Out of ""range""');
    expect(await drainErrors(queue('0'), never)).toEqual([]);
  });

  test('rule 15: a device that never says so is not asked for ever; what is no message is refused', async () => {
    expect(await drainErrors(queue('-350,"Queue overflow"'), never)).toHaveLength(50);
    await expect(drainErrors(queue('ready'), never)).rejects.toMatchObject({ code: 'protocol-error' });
  });

  test('rule 15: *OPC? answers 1 and nothing else', async () => {
    await operationComplete(queue('1'), never);
    await expect(operationComplete(queue('0'), never)).rejects.toMatchObject({ code: 'protocol-error' });
  });
});
