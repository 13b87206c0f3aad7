/**
 * Simulated twins on a simulated bench: a plug with a driver answers at once, without a line in `bench.yaml`, and what
 * stands there goes before.
 */
import { describe, expect, test } from 'vitest';
import { createBench } from '#hardware/bench/create-bench.ts';
import type { BenchPlug } from '#hardware/bench/plug.ts';
import { driverFacts, knownDrivers } from '#hardware/instrument/drivers.ts';
import type { Instrument } from '#hardware/instrument/instrument.ts';
import { parseBench } from '#hardware/transport/simulated/simulated-bench.ts';
import { numberFrom } from '#measure/numeric-text.ts';
import { FIXTURE_WIRE } from '../bench/fixture-wire.ts';
import { FakeClock } from '../fake-clock.ts';

const never = new AbortController().signal;
const MAP: NonNullable<BenchPlug['modbus']> = {
  unitId: 1,
  registers: [
    { name: 'model', unitId: 1, table: 'input', address: 0, type: 'uint16', wordOrder: 'big', scale: 1 },
    { name: 'temperature', unitId: 1, table: 'holding', address: 4, type: 'int16', wordOrder: 'big', scale: 0.1 },
    { name: 'power', unitId: 2, table: 'holding', address: 10, type: 'float32', wordOrder: 'little', scale: 1 },
    { name: 'relay', unitId: 1, table: 'coil', address: 3, type: 'uint16', wordOrder: 'big', scale: 1 },
  ],
};

async function simulated(driver: string, more: Partial<BenchPlug> = {}, answers: unknown = null) {
  const printed: string[] = [];
  const clock = new FakeClock();
  const plug: BenchPlug = {
    key: 'x',
    name: 'X',
    driver,
    safeState: driverFacts(driver)?.safeState ?? [],
    ...(driver === 'modbus' ? { modbus: MAP } : {}),
    ...(driver === 'console' ? { console: { prompt: '^root@simulated:.*# $' } } : {}),
    ...more,
  };
  const unknown: string[] = [];
  const bench = createBench({
    plugs: [plug],
    ports: null,
    simulatedBench: parseBench(answers === null ? null : { x: answers }),
    simulated: true,
    clock,
    onUnknownQuery: (_, query) => unknown.push(query),
    onPrinted: (_, label) => printed.push(label),
  });
  const run = async <T>(asked: Promise<T>): Promise<T | string> => {
    const settled = asked.catch((fault: { code: string }) => fault.code);
    await clock.advance(4000);
    return settled;
  };
  await clock.advance(4000);
  expect(bench.plugs).toMatchObject([{ state: 'ready', message: '' }]);
  return { bench, clock, unknown, printed, run, is: bench.instrument('x') as Instrument };
}

describe('every driver', () => {
  test.each(knownDrivers)('rule 7: %s is ready on an empty bench, checked, made safe and cut off', async (driver) => {
    const { bench, run } = await simulated(driver);
    expect(await run(bench.check(never))).toEqual([]);
    expect(await run(bench.makeSafe(never))).toEqual([]);
    expect(await run(bench.cutOff())).toEqual([]);
    expect(bench.plugs).toMatchObject([{ state: 'ready' }]);
  });

  test.each(knownDrivers.filter((driver) => driver.startsWith('scpi')))(
    'rule 7: %s: every reading has an answer, every setting is taken',
    async (driver) => {
      const { is, run, unknown } = await simulated(driver);
      const { readings, settings } = driverFacts(driver)!;
      for (const [name, { takes, choices }] of Object.entries(settings)) {
        const value = takes === 'number' ? 0.5 : takes === 'flag' ? true : (choices?.at(-1) ?? '101');
        expect(await run(is.set(name, value, never)), name).toBeUndefined();
      }
      for (const [name, { gives }] of Object.entries(readings)) {
        if (gives === 'curve') expect(await run(is.curve(name, never)), name).toBeInstanceOf(Float64Array);
        else if (gives === 'text') expect(await run(is.read(name, never)), name).toMatch(/./);
        else expect(numberFrom((await run(is.read(name, never))) as string), name).not.toBeNull();
      }
      expect(unknown).toEqual([]);
    },
  );

  test('rule 7: what bench.yaml states goes before the twin, the rest is the twin’s', async () => {
    const { is, run } = await simulated('scpi-dc-supply', {}, { 'MEAS:VOLT?': '4.9', '*IDN?': 'ACME,PSU,1,1' });
    expect(await run(is.read('voltage', never))).toBe('4.9');
    expect(await run(is.read('current', never))).toBe('0');
  });

  test('rule 7: a command that an instrument does not know is in its error queue, and a query stays unanswered', async () => {
    const { is, run, unknown } = await simulated('scpi-dc-supply');
    await run(is.write('VOLTS 5', never));
    expect(await run(is.query('SYST:ERR?', never))).toBe('-113,"Undefined header"');
    expect(await run(is.query('SYST:ERR?', never))).toBe('0,"No error"');
    expect(await run(is.query('MEAS:POW?', never, 300))).toBe('timeout');
    expect(unknown).toEqual(['MEAS:POW?']);
  });
});

describe('classes', () => {
  test('rule 7: a supply has its voltage when it is on, limits its current, and is off after the safe state', async () => {
    const { bench, is, run } = await simulated('scpi-dc-supply');
    await run(is.set('voltage', 5, never));
    expect(await run(is.read('voltage', never))).toBe('0');
    await run(is.set('output', true, never));
    expect(await run(is.read('voltage', never))).toBe('5');
    expect(await run(is.read('current', never))).toBe('0.05');
    await run(is.set('current_limit', 0.01, never));
    expect(await run(is.read('voltage', never))).toBe('1');
    await run(bench.makeSafe(never));
    expect(await run(is.read('output', never))).toBe('0');
    expect(await run(is.read('voltage', never))).toBe('0');
  });

  test('rule 7: a load draws what its mode says', async () => {
    const { is, run } = await simulated('scpi-load');
    for (const [mode, value, current] of [
      ['current', 2, 2],
      ['resistance', 5.9, 2],
      ['voltage', 11.8, 2],
      ['power', 23.6, 2],
    ] as const) {
      await run(is.set('mode', mode, never));
      await run(is.set(mode, value, never));
      await run(is.set('input', true, never));
      expect(Number(await run(is.read('current', never))), mode).toBeCloseTo(current, 5);
      expect(Number(await run(is.read('power', never))), mode).toBeCloseTo(23.6, 5);
    }
  });

  test('rule 7: a scope shows the sine that is on it, with its time', async () => {
    const { is, run } = await simulated('scpi-scope');
    const volts = (await run(is.curve('waveform_1', never))) as Float64Array;
    const seconds = (await run(is.curve('time_1', never))) as Float64Array;
    expect([volts.length, seconds.length]).toEqual([1000, 1000]);
    for (const [at, volt] of volts.entries()) expect(volt).toBeCloseTo(Math.sin(2 * Math.PI * 1000 * seconds[at]!), 3);
    expect(await run(is.read('peak_to_peak_1', never))).toBe('2');
  });

  test('rule 7: a switch and a relay board close and open', async () => {
    const matrix = await simulated('scpi-switch');
    await matrix.run(matrix.is.set('connect', '102,101', never));
    expect(await matrix.run(matrix.is.read('closed_channels', never))).toBe('(@101,102)');
    await matrix.run(matrix.is.set('disconnect', '102', never));
    expect(await matrix.run(matrix.is.read('closed_channels', never))).toBe('(@101)');
    const board = await simulated('scpi-relay-board');
    await board.run(board.is.set('relay_3', true, never));
    expect(await board.run(board.is.read('relay_3', never))).toBe('1');
    await board.run(board.bench.makeSafe(never));
    expect(await board.run(board.is.read('relay_3', never))).toBe('0');
  });

  test('rule 7: Modbus units keep what was written, read by name and by address, and refuse what they do not know', async () => {
    const { is, run } = await simulated('modbus', { safeState: ['relay = off'] });
    await run(is.set('relay', true, never));
    expect(await run(is.read('relay', never))).toBe('1');
    await run(is.set('temperature', -12.3, never));
    expect(await run(is.read('temperature', never))).toBe('-12.3');
    await run(is.set('power', 1.5, never));
    expect(await run(is.read('power', never))).toBe('1.5');
    expect(await run(is.query('holding 4 2?', never))).toBe('65413,0');
    expect(await run(is.query('holding 7 = 5; holding 7?', never))).toBe('5');
    expect(await run(is.set('model', 1, never))).toBe('unsupported');
    expect(await run(is.read('humidity', never))).toBe('unsupported');
    expect(await run(is.curve('temperature', never))).toBe('unsupported');
  });

  test('rule 7: bench.yaml answers for a Modbus unit by the words of the procedure; what no register holds is an exception', async () => {
    const answers = { 'temperature?': ['25.3', '99999'], 'holding 100 2?': '1,2', 'power?': { silent: true } };
    const { is, run } = await simulated('modbus', {}, answers);
    expect(await run(is.read('temperature', never))).toBe('25.3');
    expect(await run(is.read('temperature', never))).toBe('instrument-error');
    expect(await run(is.query('holding 100 2?', never))).toBe('1,2');
    expect(await run(is.read('power', never, 200))).toBe('timeout');
    expect(await run(is.read('temperature', never))).toBe('instrument-error');
  });

  test('rule 7: a console prints what bench.yaml states, and has its log', async () => {
    const { is, run } = await simulated(
      'console',
      {},
      { 'cat /sys/temp': '25.3', boot: { raw: '55 2d 42 6f 6f 74 0d 0a' } },
    );
    expect(await run(is.query('cat /sys/temp', never))).toBe('25.3');
    expect(await run(is.query('nonsense', never))).toBe('sh: nonsense: not found');
    await run(is.write('boot', never));
    expect(await run(is.read('log', never))).toContain('U-Boot');
    expect(is.takeLines?.().some((line) => line.includes('U-Boot'))).toBe(true);
    await run(is.set('log', 'clear', never));
    expect(await run(is.read('log', never))).not.toContain('U-Boot');
    expect(await run(is.set('log', 'on', never))).toBe('unsupported');
    expect(await run(is.read('voltage', never))).toBe('unsupported');
  });

  test.each(['U-Boot> ', '=> ', 'admin$ '])(
    'rule 7: a console of which the procedure expects the prompt %j shows it',
    async (prompt) => {
      const pattern = `^${prompt.replaceAll(/[$>]/g, '\\$&')}$`;
      const { is, run } = await simulated('console', { console: { prompt: pattern } });
      expect(await run(is.query('echo hello', never))).toBe('hello');
    },
  );

  test('rule 7: a label printer keeps what it printed, and is without labels where bench.yaml says so', async () => {
    const label = (text: string) => new TextEncoder().encode(text);
    const ready = await simulated('label-printer');
    expect(await ready.run(ready.is.print!(label('^XA^FDé^FS^XZ\n^XA^FD2^FS^XZ\n'), never))).toBeUndefined();
    expect(ready.printed).toEqual(['^XA^FDé^FS^XZ', '^XA^FD2^FS^XZ']);
    expect(await ready.run(ready.is.read('log', never))).toBe('unsupported');
    expect(await ready.run(ready.is.set('speed', 1, never))).toBe('unsupported');
    expect(await ready.run(ready.is.curve('log', never))).toBe('unsupported');
    const raw = await simulated('label-printer', { language: 'raw' });
    await raw.run(raw.is.print!(label('N\nP1\n'), never));
    expect(raw.printed).toEqual(['N\nP1\n']);
    const out = { '~HS': '030,1,0,0812,000,0,0,0,000,0,0,0;000,0,0,0,0,2,4,0,00000000,1,000;1234,0' };
    const empty = await simulated('label-printer', {}, { ...out, '~HI': 'ZD421,V84' });
    expect(await empty.run(empty.is.print!(label('^XA^XZ'), never))).toBe('instrument-error');
    expect(empty.printed).toEqual([]);
    expect(await empty.run(empty.is.query('~HI', never))).toBe('ZD421,V84');
  });

  test('rule 7: a fixture of bytes, and one of lines in frames, answer by bench.yaml', async () => {
    const bytes = await simulated('binary', {}, { '01 ff': '02 00 03' });
    expect(await bytes.run(bytes.is.query('01FF', never))).toBe('02 00 03');
    const { identity: _, ...resource } = FIXTURE_WIRE;
    for (const framing of [
      { kind: 'slip' },
      { kind: 'cobs' },
      { kind: 'length', widthBytes: 2, endian: 'little', includesHeader: true },
    ] as const) {
      const lines = await simulated('scpi-dc-supply', { resource: { ...resource, framing } }, { 'HELLO?': 'there' });
      expect(await lines.run(lines.is.query('HELLO?', never))).toBe('there');
      await lines.run(lines.is.set('voltage', 5, never));
      expect(await lines.run(lines.is.read('voltage_level', never))).toBe('5');
    }
  });
});
