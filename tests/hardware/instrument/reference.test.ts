/** docs/reference/drivers.md is written from what the drivers say of themselves (vitest -u writes it). */
import { expect, test } from 'vitest';
import type { ReadingFacts, SettingFacts } from '#hardware/instrument/driver.ts';
import { driverFacts, knownDrivers } from '#hardware/instrument/drivers.ts';

/** In IVI's terms, and whom it is for. */
const SAID: Readonly<Record<string, string>> = {
  scpi: 'Any instrument or fixture that takes SCPI lines, or other lines of text. It has no readings of its own: `query` and `write` say what goes over the wire.',
  'scpi-dmm':
    'Multimeter (IviDmm). A reading such as `voltage_dc` sets the instrument up anew; `value` and `values` measure as the settings say.',
  'scpi-dc-supply':
    'DC power supply with one output (IviDCPwr). One with several is driven by its own commands: state a `safe_state` that switches all of them off.',
  'scpi-load': 'Electronic load with one input.',
  'scpi-scope':
    'Oscilloscope (IviScope), Keysight InfiniiVision and Rigol. A waveform is a curve: `as: curve`, with `time_1` beside `waveform_1`. A point that is missing or clipped at the edge of the screen is no number, and fails.',
  'scpi-function-generator': 'Function generator with one channel (IviFgen). The amplitude is peak to peak.',
  'scpi-switch':
    'Switch matrix or multiplexer (IviSwtch). `connect` and `disconnect` take channels as the instrument numbers them, `101` or `101,102`; `disconnect: all` opens every one.',
  'scpi-relay-board': 'Relay board with up to sixteen relays, by `ROUT:CLOS` and `ROUT:OPEN`.',
  binary:
    'A device that speaks in frames of bytes. Commands and answers are hexadecimal: `01 ff`. It needs `framing` and `identity_query`.',
  modbus:
    'Any device with Modbus RTU. Every register that `modbus: { registers }` names is a reading; coils and holding registers are settings too.',
  console:
    'The text console of a device under test. `log` is all that it printed since the last command, or since the run began; `set: log` with `clear` begins it anew.',
  'label-printer':
    'A label printer on a serial port or on USB. The step `print` fills a label and hands it over; `language` is `zpl` (asked for its status first, by `~HS`) or `raw` (only written to).',
};

function rows(facts: Readonly<Record<string, ReadingFacts | SettingFacts>>): string[] {
  const merged = new Map<string, string[]>();
  for (const [name, fact] of Object.entries(facts)) {
    const kind = 'gives' in fact ? fact.gives : fact.takes;
    const choices = 'choices' in fact && fact.choices ? `: ${fact.choices.map((one) => `\`${one}\``).join(', ')}` : '';
    const shown =
      kind === 'text' && choices
        ? `one of${choices}`
        : kind === 'flag'
          ? 'gives' in fact
            ? '0 or 1'
            : 'on or off'
          : kind;
    const row = `${shown}${fact.unit ? `, ${fact.unit}` : ''}`;
    // `relay_1` to `relay_16` are one line.
    const family = name.replace(/_\d+$/, '_N');
    merged.set(`${family}|${row}`, [...(merged.get(`${family}|${row}`) ?? []), name]);
  }
  return [...merged].map(([key, names]) => {
    const [family, row] = key.split('|') as [string, string];
    const name = names.length > 1 ? `\`${names[0]}\` … \`${names.at(-1)}\`` : `\`${names[0] ?? family}\``;
    return `| ${name} | ${row} |`;
  });
}

function reference(): string {
  const parts = knownDrivers.map((driver) => {
    const { readings, settings, safeState } = driverFacts(driver)!;
    const lines = [`## \`${driver}\``, '', SAID[driver]!];
    if (Object.keys(readings).length > 0) lines.push('', '| Reading | Is |', '|---|---|', ...rows(readings));
    if (Object.keys(settings).length > 0) lines.push('', '| Setting | Takes |', '|---|---|', ...rows(settings));
    if (safeState.length > 0) lines.push('', `Safe state: ${safeState.map((one) => `\`${one}\``).join(', ')}.`);
    return lines.join('\n');
  });
  return `# Drivers

Written from the drivers themselves. A reading is taken with \`measure: { name, plug, read }\`, a setting made with
\`write: { plug, set, value }\`; what a plug states for its driver is in [Writing a procedure](../guides/author.md#plugs-and-drivers).
Numbers are in SI units without a prefix. Every driver has a simulated twin that answers without a line in \`bench.yaml\`, but \`scpi\` and
\`binary\`, whose commands only the procedure knows. Another instrument: [Adding a driver](../guides/drivers.md).

${parts.join('\n\n')}
`;
}

test('every driver stands in the reference, with all its readings and settings', async () => {
  expect(Object.keys(SAID)).toEqual(knownDrivers);
  await expect(reference()).toMatchFileSnapshot('../../../docs/reference/drivers.md');
});
