/** The same session over a wire of messages: whole answers, no delimiter, and nothing of an answer that was given up. */
import { describe, expect, test } from 'vitest';
import { ScpiSession } from '#hardware/protocol/scpi-session.ts';
import { usbtmcFunctions } from '#hardware/transport/usb/usb-function.ts';
import { UsbtmcTransport } from '#hardware/transport/usb/usbtmc/usbtmc-transport.ts';
import { FakeClock, flush } from '../fake-clock.ts';
import { joined } from '../transport/usb/fake-usb-device.ts';
import { ascii, FakeUsbtmc, IN, OUT } from '../transport/usb/fake-usbtmc.ts';

const never = new AbortController().signal;

async function conversation() {
  const device = new FakeUsbtmc();
  device.clearPending = 0;
  const clock = new FakeClock();
  const transport = new UsbtmcTransport(device, usbtmcFunctions(device)[0]!, 'usbtmc test', {
    clock,
    system: 'linux',
    justPlugged: false,
    onUnplug: device.onUnplug,
  });
  const session = new ScpiSession({ transport, clock, terminator: '\n', identityQuery: '*IDN?' });
  await transport.open(never);
  const identified = session.identify((answer) => answer.startsWith('ACME'), never);
  await clock.advance(100);
  expect((await identified).kind).toBe('match');
  return { device, clock, transport, session };
}

const codeOf = (thrown: { code?: string }) => thrown.code ?? String(thrown);

describe('a session over USBTMC', () => {
  test('rule 27: asks, is answered, and fetches nothing for a command', async () => {
    const { device, session } = await conversation();
    device.answers.set('MEAS:VOLT:DC?', '3.301\n');
    const before = device.requested.length;
    await session.write('OUTP ON', never);
    expect(device.requested.length).toBe(before);
    expect(await session.query('MEAS:VOLT:DC?', never)).toBe('3.301');
    expect(device.messages.slice(-2)).toEqual(['OUTP ON', 'MEAS:VOLT:DC?']);
  });

  test('rule 27: an answer needs no terminator, and may come in pieces', async () => {
    const { device, session } = await conversation();
    device.answers.set('LONG?', '1,'.repeat(5000));
    device.chunk = 700;
    const answer = session.query('LONG?', never);
    for (let i = 0; i < 40; i++) await flush();
    expect((await answer).length).toBe(10_000);
  });

  test('rule 27, pitfall 31: a waveform is a block, whole, whatever its bytes; one of unknown length ends with its message', async () => {
    const { device, session } = await conversation();
    const wave = Uint8Array.from({ length: 20_000 }, (_, at) => (at * 7919) >> 3);
    device.chunk = 9000;
    for (const head of ['#520000', '#0']) {
      device.answers.set('CURV?', joined([ascii(head), wave, ascii('\n')]));
      const block = session.queryBlock('CURV?', never);
      for (let i = 0; i < 20; i++) await flush();
      expect(await block).toEqual(wave);
    }
  });

  test('rule 27: a line feed inside a message does not end it', async () => {
    const { device, session } = await conversation();
    device.answers.set('TWO?', '1\n2\n');
    const answer = session.query('TWO?', never).catch(codeOf);
    await flush();
    expect(await answer).toBe('frame-error');
  });

  test('pitfall 32: a query that timed out is aborted on the device, and the next one gets its own answer', async () => {
    const { device, clock, session } = await conversation();
    const slow = session.query('SLOW?', never, 500).catch(codeOf);
    await clock.advance(500);
    expect(await slow).toBe('timeout');
    device.answers.set('MEAS:VOLT:DC?', '3.301\n');
    const next = session.query('MEAS:VOLT:DC?', never);
    await clock.advance(1000);
    expect(await next).toBe('3.301');
    expect(device.asked).toContain('ABORT_IN');
  });

  test('pitfall 32: a late answer in between is dropped', async () => {
    const { device, clock, session } = await conversation();
    const dropped: string[] = [];
    session.onUnsolicited((text) => dropped.push(text));
    const slow = session.query('SLOW?', never, 500).catch(codeOf);
    await clock.advance(500);
    await slow;
    device.say('9.99\n');
    await flush();
    device.answers.set('MEAS:VOLT:DC?', '3.301\n');
    const next = session.query('MEAS:VOLT:DC?', never);
    await clock.advance(1000);
    expect(await next).toBe('3.301');
    expect(dropped).toEqual(['9.99']);
  });

  test('noise before an answer fails the query, and the next one is asked in step', async () => {
    const { device, clock, session } = await conversation();
    device.answers.set('MEAS:VOLT:DC?', '3.301\n');
    device.noise = ascii('garbage');
    const noisy = session.query('MEAS:VOLT:DC?', never).catch(codeOf);
    await flush();
    expect(await noisy).toBe('line-error');
    device.noise = null;
    const next = session.query('MEAS:VOLT:DC?', never);
    await clock.advance(1000);
    expect(await next).toBe('3.301');
  });

  test('pitfall 46: a device that halts is asked once more, and the session does not notice', async () => {
    const { device, session } = await conversation();
    device.answers.set('MEAS:VOLT:DC?', '3.301\n');
    device.halt('out', OUT);
    device.halt('in', IN);
    await flush();
    expect(await session.query('MEAS:VOLT:DC?', never)).toBe('3.301');
  });

  test('the safe state goes out while an answer is awaited, and is confirmed', async () => {
    const { device, clock, session } = await conversation();
    const slow = session.query('SLOW?', never).catch(codeOf);
    await flush();
    const safe = session.makeSafe(['OUTP OFF'], never);
    await clock.advance(3000);
    await safe;
    expect(await slow).toBe('aborted');
    expect(device.messages.slice(-3)).toEqual(['SLOW?', 'OUTP OFF', '*IDN?']);
  });

  test('an unplug ends what waits', async () => {
    const { device, session } = await conversation();
    const slow = session.query('SLOW?', never).catch(codeOf);
    await flush();
    device.unplug();
    expect(await slow).toBe('lost');
  });
});
