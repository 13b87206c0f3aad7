import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { parseBench } from '#hardware/transport/simulated/simulated-bench.ts';
import type { TransportEvent } from '#hardware/transport/transport.ts';
import { FakeClock, flush } from '../../fake-clock.ts';

const never = new AbortController().signal;
/** The example of the format's description, word for word. */
const EXAMPLE = `
fixture:
  '*IDN?': ACME,FX-1,FX0001,1.0
  'MEAS:VOLT:DC? CH1': ['3.301', '3.298', '3.05']
  'MEAS:TEMP?': { normal: { mean: 24.9, sigma: 0.1 } }
  'OUTP ON': null
  'SLOW?': { after: 800ms, answer: '1' }
  'DEAD?': { silent: true }
  'BOOM?': { lost: true }
  'BAD?':  { raw: '00ff80' }
units:
  '13$': { fixture: { 'MEAS:VOLT:DC? CH1': '3.05' } }
`;

async function plug(value: unknown, { key = 'fixture', seed = 1, terminator = '\n' } = {}) {
  const bench = parseBench(value, seed);
  const clock = new FakeClock();
  const unknown: string[] = [];
  const transport = bench.transport({ key, terminator, identityQuery: '*IDN?' }, clock, (query) => unknown.push(query));
  const events: TransportEvent[] = [];
  transport.onEvent((event) => events.push(event));
  await transport.open(never);
  const ask = async (command: string, waitMs = 0) => {
    const before = events.length;
    await transport.write(
      Uint8Array.from(command + terminator, (character) => character.charCodeAt(0)),
      never,
    );
    await (waitMs ? clock.advance(waitMs) : flush());
    return events
      .slice(before)
      .map((event) => (event.kind === 'data' ? String.fromCharCode(...event.bytes) : `<${event.kind}>`))
      .join('');
  };
  return { bench, clock, transport, ask, unknown };
}

describe('simulated bench', () => {
  test('answers in turn, and the last one stays', async () => {
    const { ask } = await plug(parse(EXAMPLE));
    const answers = [];
    for (let i = 0; i < 4; i++) answers.push(await ask('MEAS:VOLT:DC? CH1'));
    expect(answers).toEqual(['3.301\n', '3.298\n', '3.05\n', '3.05\n']);
  });

  test('a command is accepted without an answer, stated or not', async () => {
    const { ask, unknown } = await plug(parse(EXAMPLE));
    expect(await ask('OUTP ON')).toBe('');
    expect(await ask('OUTP OFF')).toBe('');
    expect(unknown).toEqual([]);
  });

  test('a query that the bench does not know stays without an answer and is told', async () => {
    const { ask, unknown } = await plug(parse(EXAMPLE));
    expect(await ask('MEAS:CURR?', 10_000)).toBe('');
    expect(unknown).toEqual(['MEAS:CURR?']);
  });

  test('after, silent, raw and lost', async () => {
    const { ask, transport, unknown } = await plug(parse(EXAMPLE));
    expect(await ask('SLOW?', 799)).toBe('');
    expect(await ask('OUTP ON', 1)).toBe('1\n');
    expect(await ask('DEAD?', 10_000)).toBe('');
    expect(await ask('BAD?')).toBe('\0\xff\x80');
    expect(await ask('BOOM?')).toBe('<lost>');
    expect(transport.state).toBe('lost');
    expect(unknown).toEqual([]);
  });

  test('an instrument answers one command after the other: what comes behind a slow one waits', async () => {
    const { ask } = await plug(parse(EXAMPLE));
    await ask('SLOW?');
    expect(await ask('*IDN?')).toBe('');
    expect(await ask('OUTP ON', 800)).toBe('1\nACME,FX-1,FX0001,1.0\n');
  });

  test('random answers come again with the same seed, and are normal', async () => {
    const readings = async (seed: number) => {
      const { ask } = await plug(parse(EXAMPLE), { seed });
      const values: number[] = [];
      for (let i = 0; i < 300; i++) values.push(Number((await ask('MEAS:TEMP?')).trim()));
      return values;
    };
    const values = await readings(7);
    expect(await readings(7)).toEqual(values);
    expect(await readings(8)).not.toEqual(values);
    const mean = values.reduce((sum, value) => sum + value) / values.length;
    const sigma = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
    expect(mean).toBeCloseTo(24.9, 1);
    expect(sigma).toBeGreaterThan(0.08);
    expect(sigma).toBeLessThan(0.12);
  });

  test('the first pattern that matches the serial number overrides; every list begins anew with a unit', async () => {
    const { bench, ask } = await plug({
      fixture: { 'V?': ['1', '2'], 'I?': '5' },
      units: { '13$': { fixture: { 'V?': 'a' } }, '3$': { fixture: { 'V?': 'b', 'I?': 'c' } } },
    });
    bench.setUnit('SN-000113');
    expect([await ask('V?'), await ask('I?')]).toEqual(['a\n', '5\n']);
    bench.setUnit('SN-000003');
    expect([await ask('V?'), await ask('I?')]).toEqual(['b\n', 'c\n']);
    for (const serial of ['SN-1', 'SN-2']) {
      bench.setUnit(serial);
      expect([await ask('V?'), await ask('V?')]).toEqual(['1\n', '2\n']);
    }
  });

  test('a plug of which the bench says no identity says that it is simulated', async () => {
    const { ask, bench } = await plug(parse(EXAMPLE), { key: 'dmm', terminator: '\r' });
    expect(await ask('*IDN?')).toBe('SIMULATED,DMM,0,0\r');
    expect(bench.statesIdentity({ key: 'dmm', terminator: '\r', identityQuery: '*IDN?' })).toBe(false);
    expect(bench.statesIdentity({ key: 'fixture', terminator: '\r', identityQuery: '*IDN?' })).toBe(true);
  });

  test('a cut wire stays cut until another unit is on the fixture', async () => {
    const { bench, ask, clock } = await plug(parse(EXAMPLE));
    await ask('BOOM?');
    const again = () => bench.transport({ key: 'fixture', terminator: '\n', identityQuery: '*IDN?' }, clock, () => {});
    await expect(again().open(never)).rejects.toMatchObject({ code: 'lost' });
    bench.setUnit('SN-2');
    await again().open(never);
  });

  test('an unquoted number is answered as it prints; an empty bench and an empty plug know no command', async () => {
    expect(await (await plug({ fixture: { 'V?': 3.301 } })).ask('V?')).toBe('3.301\n');
    for (const empty of [null, undefined, {}, { fixture: null }, { fixture: {} }]) {
      expect(await (await plug(empty)).ask('*IDN?')).toBe('SIMULATED,FIXTURE,0,0\n');
    }
  });

  test.each<[string, unknown, string]>([
    ['a list for a bench', [], 'the bench'],
    ['a word for a plug', { fixture: 'x' }, 'fixture'],
    ['a boolean answer', { fixture: { 'V?': true } }, "fixture, 'V?'"],
    ['an empty list', { fixture: { 'V?': [] } }, 'at least one'],
    ['a list in a list', { fixture: { 'V?': [['1']] } }, 'answer 1'],
    ['an unknown kind', { fixture: { 'V?': { quiet: true } } }, 'quiet'],
    ['two kinds at once', { fixture: { 'V?': { silent: true, lost: true } } }, 'lost silent'],
    ['silent false', { fixture: { 'V?': { silent: false } } }, 'silent'],
    ['lost false', { fixture: { 'V?': { lost: 'yes' } } }, 'lost'],
    ['after without an answer', { fixture: { 'V?': { after: '1s' } } }, 'after'],
    ['a delay without a unit', { fixture: { 'V?': { after: 800, answer: '1' } } }, '800ms'],
    ['normal without sigma', { fixture: { 'V?': { normal: { mean: 1 } } } }, 'sigma'],
    ['a negative sigma', { fixture: { 'V?': { normal: { mean: 1, sigma: -1 } } } }, 'negative'],
    ['normal with more', { fixture: { 'V?': { normal: { mean: 1, sigma: 1, min: 0 } } } }, 'min'],
    ['raw that is no hexadecimal', { fixture: { 'V?': { raw: '0g' } } }, 'hexadecimal'],
    ['raw of half a byte', { fixture: { 'V?': { raw: '0' } } }, 'hexadecimal'],
    ['an answer of two lines', { fixture: { 'V?': '1\n2' } }, 'one line'],
    ['an answer beyond Latin-1', { fixture: { 'V?': '1 Ω' } }, 'Latin-1'],
    ['an invalid pattern', { units: { '(': {} } }, "'('"],
    ['a word for a unit', { units: { '13$': 'x' } }, "'13$'"],
  ])('bad shape: %s is refused, naming the place', (_, value, place) => {
    expect(() => parseBench(value)).toThrow(
      expect.objectContaining({ code: 'bench-shape', message: expect.stringContaining(place) }),
    );
  });
});
