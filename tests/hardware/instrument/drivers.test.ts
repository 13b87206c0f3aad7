/** Drivers by their tables: what goes over the wire, what is refused, and what an instrument says of its errors. */
import { describe, expect, test } from 'vitest';
import { Fault } from '#base/fault.ts';
import { driverFacts, driverReadings, knownDrivers, SCPI_DRIVERS } from '#hardware/instrument/drivers.ts';
import { createInstrument, openSession, protocolOf, usualIdentityQuery } from '#hardware/instrument/open-device.ts';
import { ScpiInstrument } from '#hardware/instrument/scpi/scpi.ts';
import { preambleFrom } from '#hardware/instrument/scpi-scope/waveform.ts';
import { SimulatedTransport } from '#hardware/transport/simulated/simulated-transport.ts';
import { FakeClock } from '../fake-clock.ts';
import { hex } from '../framing/streams.ts';

const never = new AbortController().signal;

/** A session that answers what the test says, and writes down what was sent. */
function session(answers: Record<string, string | Uint8Array<ArrayBuffer> | Fault> = {}) {
  const sent: string[] = [];
  const answer = (command: string) => {
    sent.push(command);
    const said = answers[command] ?? (command === 'SYST:ERR?' ? '0,"No error"' : '1.5');
    if (said instanceof Fault) throw said;
    return said;
  };
  return {
    sent,
    limits: [] as (number | undefined)[],
    write: async (command: string) => void sent.push(command),
    query: async (command: string) => answer(command) as string,
    queryBlock: async (command: string) => answer(command) as Uint8Array<ArrayBuffer>,
  };
}
const instrument = (driver: string, wire = session()) => new ScpiInstrument('x', wire, SCPI_DRIVERS[driver]!.driver);

describe('the registry', () => {
  test('names drivers, their readings, settings and safe states', () => {
    expect(knownDrivers).toEqual([
      'scpi',
      'scpi-dmm',
      'scpi-dc-supply',
      'scpi-load',
      'scpi-scope',
      'scpi-function-generator',
      'scpi-switch',
      'scpi-relay-board',
      'binary',
      'modbus',
      'console',
      'label-printer',
    ]);
    expect(driverReadings('scpi')).toEqual([]);
    expect(driverReadings('scpi-dmm')).toContain('voltage_dc');
    expect(driverReadings('toString')).toEqual([]);
    expect(driverFacts('constructor')).toBeUndefined();
  });

  test('rule 6: whatever puts a unit under power has a safe state that takes it away', () => {
    const safe = knownDrivers.map((driver) => [driver, driverFacts(driver)!.safeState]);
    expect(Object.fromEntries(safe)).toEqual({
      scpi: [],
      'scpi-dmm': [],
      'scpi-dc-supply': ['OUTP OFF'],
      'scpi-load': ['INP OFF'],
      'scpi-scope': [],
      'scpi-function-generator': ['OUTP OFF'],
      'scpi-switch': ['ROUT:OPEN:ALL'],
      'scpi-relay-board': ['ROUT:OPEN:ALL'],
      binary: [],
      modbus: [],
      console: [],
      'label-printer': [],
    });
  });

  test('rule 5: units are SI, without a prefix, and names are those that a step can write', () => {
    for (const driver of knownDrivers) {
      const { readings, settings } = driverFacts(driver)!;
      for (const [name, { unit }] of [...Object.entries(readings), ...Object.entries(settings)]) {
        expect(name).toMatch(/^[a-z][a-z0-9_]*$/);
        expect([undefined, 'V', 'A', 'Ω', 'W', 'Hz', 's', 'F', '°C', '%']).toContain(unit);
      }
    }
  });

  test('rule 8: a session speaks what its driver speaks; another driver cannot have it', async () => {
    const clock = new FakeClock();
    const peer = { attach: () => undefined, receive: () => undefined };
    const transport = new SimulatedTransport('x', peer, clock);
    const wire = { baudRate: 9600, terminator: '\n', identityQuery: '' };
    const plug = (driver: string) => ({ key: 'x', driver });
    for (const driver of knownDrivers) {
      const opened = openSession(plug(driver), wire, transport, clock);
      expect(createInstrument(plug(driver), opened).key).toBe('x');
      opened.close();
    }
    const scpi = openSession(plug('scpi'), wire, transport, clock);
    for (const driver of ['visa', 'constructor', 'modbus', 'console', 'label-printer'])
      expect(() => createInstrument(plug(driver), scpi)).toThrow(
        expect.objectContaining({ code: 'unsupported', remedy: expect.stringContaining('scpi-dmm') }),
      );
  });

  test('rule 8: plugs share a probe only where they speak alike', () => {
    const protocols = knownDrivers.map((driver) => protocolOf({ key: 'x', driver }));
    expect(new Set(protocols)).toEqual(
      new Set(['scpi', 'binary', 'modbus undefined', 'console undefined', 'printer undefined']),
    );
    expect(usualIdentityQuery('scpi')).toBe('*IDN?');
    expect(usualIdentityQuery('modbus')).toBe('');
  });
});

describe('a table of SCPI', () => {
  test('passes commands and queries on', async () => {
    const wire = session({ 'MEAS?': '2' });
    const one = instrument('scpi', wire);
    await one.write('OUTP ON', never);
    expect(await one.query('MEAS?', never, 50)).toBe('2');
    expect(wire.sent).toEqual(['OUTP ON', 'MEAS?']);
  });

  test.each([
    ['scpi-dmm', 'voltage_dc', 'MEAS:VOLT:DC?'],
    ['scpi-dmm', 'current_ac', 'MEAS:CURR:AC?'],
    ['scpi-dmm', 'resistance_4wire', 'MEAS:FRES?'],
    ['scpi-dc-supply', 'current', 'MEAS:CURR?'],
    ['scpi-load', 'power', 'MEAS:POW?'],
    ['scpi-function-generator', 'frequency', 'FREQ?'],
    ['scpi-scope', 'peak_to_peak_2', ':MEAS:VPP? CHAN2'],
    ['scpi-switch', 'closed_channels', 'ROUT:CLOS:STAT?'],
    ['scpi-relay-board', 'relay_16', 'ROUT:CLOS? (@16)'],
    ['scpi-dc-supply', 'status_byte', '*STB?'],
  ])('rule 2: %s reads %s by %s', async (driver, reading, query) => {
    const wire = session();
    expect(await instrument(driver, wire).read(reading, never)).toBe('1.5');
    expect(wire.sent).toEqual([query]);
  });

  test.each<[string, string, number | string | boolean, string[]]>([
    ['scpi-dc-supply', 'voltage', 3.3, ['VOLT 3.3', 'SYST:ERR?']],
    ['scpi-dc-supply', 'voltage', -0, ['VOLT 0', 'SYST:ERR?']],
    ['scpi-dc-supply', 'current_limit', 2e-7, ['CURR 2E-7', 'SYST:ERR?']],
    ['scpi-dc-supply', 'output', true, ['OUTP ON', 'SYST:ERR?']],
    ['scpi-load', 'mode', 'resistance', ['FUNC RES', 'SYST:ERR?']],
    ['scpi-load', 'input', 'off', ['INP OFF', 'SYST:ERR?']],
    ['scpi-dmm', 'function', 'resistance_4wire', ['CONF:FRES', 'SYST:ERR?']],
    ['scpi-function-generator', 'waveform', 'square', ['FUNC SQU', 'SYST:ERR?']],
    ['scpi-scope', 'acquisition', 'single', [':SING', 'SYST:ERR?']],
    ['scpi-scope', 'volts_per_division_3', 0.5, [':CHAN3:SCAL 0.5', 'SYST:ERR?']],
    ['scpi-switch', 'connect', '101,102', ['ROUT:CLOS (@101,102)', '*OPC?', 'SYST:ERR?']],
    ['scpi-switch', 'disconnect', 'all', ['ROUT:OPEN:ALL', '*OPC?', 'SYST:ERR?']],
    ['scpi-relay-board', 'relay_2', 'on', ['ROUT:CLOS (@2)', '*OPC?', 'SYST:ERR?']],
    ['scpi-relay-board', 'relay_2', false, ['ROUT:OPEN (@2)', '*OPC?', 'SYST:ERR?']],
  ])('rule 2: %s sets %s to %s', async (driver, setting, value, sent) => {
    const wire = session({ '*OPC?': '1' });
    const one = instrument(driver, wire);
    await one.set(setting, value, never);
    // What was in the error queue before is none of this setting's.
    expect(wire.sent).toEqual(['*CLS', ...sent]);
    await one.set(setting, value, never);
    expect(wire.sent.slice(sent.length + 1)).toEqual(sent);
  });

  test.each<[string, string, number | string | boolean]>([
    ['scpi-dc-supply', 'voltage', 'much'],
    ['scpi-dc-supply', 'voltage', NaN],
    ['scpi-dc-supply', 'voltage', Infinity],
    ['scpi-dc-supply', 'output', 1],
    ['scpi-dc-supply', 'output', 'ON'],
    ['scpi-load', 'mode', 'CURR'],
    ['scpi-dc-supply', 'power', 5],
    ['scpi', 'voltage', 5],
    ['scpi-dc-supply', 'constructor', 5],
  ])('rule 1: %s refuses %s: %s, and nothing is sent', async (driver, setting, value) => {
    const wire = session();
    await expect(instrument(driver, wire).set(setting, value, never)).rejects.toMatchObject({ code: 'unsupported' });
    expect(wire.sent).toEqual([]);
  });

  test.each(['power', 'constructor', ''])(
    'rule 1: a reading that a driver has not (%s) is unsupported, and nothing is sent',
    async (reading) => {
      for (const driver of ['scpi', 'scpi-dmm', 'scpi-scope']) {
        const wire = session();
        await expect(instrument(driver, wire).read(reading, never)).rejects.toMatchObject({ code: 'unsupported' });
        await expect(instrument(driver, wire).curve(reading, never)).rejects.toMatchObject({ code: 'unsupported' });
        expect(wire.sent).toEqual([]);
      }
    },
  );

  test('rule 2: a setting that the instrument refuses is a fault in its words', async () => {
    const wire = session();
    const errors = ['-222,"Data out of range"', '0,"No error"'];
    wire.query = async (command) => (command === 'SYST:ERR?' ? errors.shift()! : '1');
    await expect(instrument('scpi-dc-supply', wire).set('voltage', 900, never)).rejects.toMatchObject({
      code: 'instrument-error',
      message: expect.stringContaining('-222 Data out of range'),
    });
    expect(errors).toEqual([]);
  });

  test('rule 3: a reading that failed is explained by the error queue, which is empty then', async () => {
    const wire = session();
    const errors = ['-113,"Undefined header"', '0,"No error"'];
    wire.query = async (command) => {
      if (command === 'SYST:ERR?') return errors.shift()!;
      throw new Fault('timeout', 'No answer.', 'Check it.');
    };
    await expect(instrument('scpi-dmm', wire).read('diode', never)).rejects.toMatchObject({
      code: 'timeout',
      message: 'No answer. It says: -113 Undefined header.',
      remedy: 'Check it.',
    });
    expect(errors).toEqual([]);
    // A fixture without an error queue is not asked for one.
    const mute = session({ 'V?': new Fault('timeout', 'No answer.', 'Check it.') });
    await expect(instrument('scpi', mute).query('V?', never)).rejects.toMatchObject({ code: 'timeout' });
    expect(mute.sent).toEqual(['V?']);
  });

  test('rule 4: a multimeter hands over many samples as a curve; half of one is none', async () => {
    const dmm = (answer: string) => instrument('scpi-dmm', session({ 'READ?': answer })).curve('values', never);
    expect([...(await dmm('1.5,-2E-3,9.9E37'))]).toEqual([1.5, -0.002, Infinity]);
    await expect(dmm('1.5,,2')).rejects.toMatchObject({ code: 'protocol-error' });
  });
});

describe('waveforms', () => {
  const keysight = {
    '*IDN?': 'KEYSIGHT TECHNOLOGIES,DSO-X 3014T,MY1,7.30',
    ':WAV:PRE?': '1,0,5,1,1E-6,-2E-6,0,1E-3,5E-1,32768',
    ':WAV:DATA?': hex('80 00 83 e8 00 00 00 01 ff ff'),
  };

  test('rule 4: volts and seconds by the preamble; a hole and what is clipped are no values', async () => {
    const wire = session(keysight);
    const scope = instrument('scpi-scope', wire);
    expect([...(await scope.curve('waveform_2', never))]).toEqual([0.5, 1.5, NaN, NaN, NaN]);
    expect(wire.sent).toEqual([
      '*IDN?',
      ':WAV:SOUR CHAN2',
      ':WAV:FORM WORD',
      ':WAV:BYT MSBF',
      ':WAV:UNS ON',
      ':WAV:PRE?',
      ':WAV:DATA?',
    ]);
    const seconds = await scope.curve('time_2', never);
    for (const [at, second] of [-2e-6, -1e-6, 0, 1e-6, 2e-6].entries()) expect(seconds[at]).toBeCloseTo(second, 12);
  });

  test('rule 4: Rigol’s origin is a number of steps (DS1000Z programming guide, :WAVeform:DATA?)', async () => {
    const wire = session({
      '*IDN?': 'RIGOL TECHNOLOGIES,DS1054Z,DS1ZA1,00.04.04',
      ':WAV:PRE?': '0,0,2,1,1E-6,0,0,4E-2,10,127',
      ':WAV:DATA?': hex('89 8a'),
    });
    const volts = await instrument('scpi-scope', wire).curve('waveform_1', never);
    expect([...volts]).toEqual([0, 0.04]);
  });

  test('rule 4: a waveform that is not what was announced is refused', async () => {
    const short = session({ ...keysight, ':WAV:DATA?': hex('80 00') });
    await expect(instrument('scpi-scope', short).curve('waveform_1', never)).rejects.toMatchObject({
      code: 'protocol-error',
      message: expect.stringContaining('announced 5 points and sent 1'),
    });
    for (const bad of ['', '1,0,5', '4,0,5,1,1,1,1,1,1,1', '1,0,5,1,1,1,x,1,1,1', '1,0,1.5,1,1,1,1,1,1,1'])
      expect(() => preambleFrom(bad)).toThrow(expect.objectContaining({ code: 'protocol-error' }));
  });

  test('rule 4: a curve is no single value, and the other way about', async () => {
    const scope = instrument('scpi-scope', session(keysight));
    await expect(scope.read('waveform_1', never)).rejects.toMatchObject({ remedy: expect.stringContaining('curve') });
    await expect(scope.curve('frequency_1', never)).rejects.toMatchObject({ code: 'unsupported' });
  });
});
