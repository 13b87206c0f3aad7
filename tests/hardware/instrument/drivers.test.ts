import { describe, expect, test } from 'vitest';
import { createInstrument, driverReadings, knownDrivers } from '#hardware/instrument/drivers.ts';

const never = new AbortController().signal;

function session() {
  const sent: string[] = [];
  return {
    sent,
    write: async (command: string) => void sent.push(command),
    query: async (command: string, _signal: AbortSignal, timeoutMs?: number) => {
      sent.push(`${command} ${timeoutMs ?? 'usual'}`);
      return '1.5';
    },
  };
}

describe('drivers', () => {
  test('the registry names drivers and their readings', () => {
    expect(knownDrivers).toEqual(['scpi', 'scpi-dmm']);
    expect(driverReadings('scpi')).toEqual([]);
    expect(driverReadings('scpi-dmm')).toEqual([
      'voltage_dc',
      'voltage_ac',
      'current_dc',
      'current_ac',
      'resistance',
      'frequency',
      'temperature',
    ]);
    expect(driverReadings('toString')).toEqual([]);
  });

  test('a driver passes commands and queries on, with their time', async () => {
    const wire = session();
    const instrument = createInstrument('scpi', 'fixture', wire);
    await instrument.write('OUTP ON', never);
    expect(await instrument.query('MEAS?', never, 50)).toBe('1.5');
    expect(wire.sent).toEqual(['OUTP ON', 'MEAS? 50']);
    expect(instrument.key).toBe('fixture');
  });

  test.each([
    ['voltage_dc', 'MEAS:VOLT:DC?'],
    ['voltage_ac', 'MEAS:VOLT:AC?'],
    ['current_dc', 'MEAS:CURR:DC?'],
    ['current_ac', 'MEAS:CURR:AC?'],
    ['resistance', 'MEAS:RES?'],
    ['frequency', 'MEAS:FREQ?'],
    ['temperature', 'MEAS:TEMP?'],
  ])('scpi-dmm reads %s by %s', async (reading, query) => {
    const wire = session();
    expect(await createInstrument('scpi-dmm', 'dmm', wire).read(reading, never)).toBe('1.5');
    expect(wire.sent).toEqual([`${query} usual`]);
  });

  test.each(['power', 'constructor', ''])(
    'a reading that a driver has not (%s) is unsupported, and nothing is sent',
    async (reading) => {
      const wire = session();
      for (const driver of knownDrivers) {
        await expect(createInstrument(driver, 'x', wire).read(reading, never)).rejects.toMatchObject({
          code: 'unsupported',
        });
      }
      expect(wire.sent).toEqual([]);
    },
  );

  test.each(['visa', 'constructor'])('an unknown driver (%s) is refused, naming those that there are', (driver) => {
    expect(() => createInstrument(driver, 'x', session())).toThrow(
      expect.objectContaining({ code: 'unsupported', remedy: expect.stringContaining('scpi-dmm') }),
    );
  });
});
