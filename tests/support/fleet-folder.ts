/**
 * A `FLEET_DIR` for one test: `fleet.yaml`, and one source folder per procedure.
 *
 * Above it: the browser tests. Knows nothing of the server that reads it.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { stringify } from 'yaml';

/** Any UUID; the strict upstream knows it. */
export const PROCEDURE_ID = '7c9e6679-7425-40de-944b-e07fc1f90ae7';

/** A procedure for the SCPI fixture of virtual-devices/: powers it, reads two values, lingers, reads a third. */
export function powerBoard({ lingerMs = 50, simulated = false } = {}) {
  const resource = {
    serial: { usb: ['0403:6001'], baud_rate: 115200 },
    identity: '^ACME,FX-1,',
  };
  return {
    name: 'Power board',
    version: '1.0.0',
    id: PROCEDURE_ID,
    unit: {
      serial_number: { pattern: '^SN-[0-9]{6}$', placeholder: 'SN-000123' },
      part_number: { default_value: 'PWR-BOARD' },
      revision_number: { default_value: 'B' },
    },
    plugs: [
      { name: 'Fixture', key: 'fixture', driver: 'scpi', safe_state: ['OUTP OFF'], ...(simulated ? {} : { resource }) },
    ],
    setup: [{ name: 'Power on', key: 'power_on', steps: [{ write: { plug: 'fixture', command: 'OUTP ON' } }] }],
    main: [
      {
        name: 'Power rails',
        key: 'power_rails',
        timeout: '5s',
        steps: [
          { measure: { name: 'rail_3v3', plug: 'fixture', query: 'MEAS:VOLT:DC?' } },
          { measure: { name: 'idle_current', plug: 'fixture', query: 'MEAS:CURR:DC?' } },
        ],
        measurements: [
          { name: 'rail_3v3', unit: 'V', validators: [{ operator: 'range', expected_value: [3.2, 3.4] }] },
          { name: 'idle_current', unit: 'A', validators: [{ operator: '<=', expected_value: 0.06 }] },
        ],
      },
      {
        name: 'Temperature',
        key: 'temperature',
        timeout: `${lingerMs + 3000}ms`,
        steps: [
          { wait: `${lingerMs}ms` },
          { measure: { name: 'board_temperature', plug: 'fixture', query: 'MEAS:TEMP?' } },
        ],
        measurements: [{ name: 'board_temperature', unit: '°C', validators: [{ operator: '<', expected_value: 40 }] }],
      },
    ],
    teardown: [{ name: 'Power off', key: 'power_off', steps: [{ write: { plug: 'fixture', command: 'OUTP OFF' } }] }],
  };
}

/** How the simulated fixture answers for `powerBoard`. */
export const POWER_BOARD_BENCH = {
  fixture: {
    '*IDN?': 'ACME,FX-1,FX0001,1.0',
    'MEAS:VOLT:DC?': '3.301',
    'MEAS:CURR:DC?': '0.0421',
    'MEAS:TEMP?': '24.9',
    'OUTP ON': null,
    'OUTP OFF': null,
  },
  units: { '13$': { fixture: { 'MEAS:VOLT:DC?': '3.05' } } },
};

export interface FleetFolderContent {
  readonly settings?: Readonly<Record<string, unknown>>;
  /** By folder: files by name; what is not text is written as YAML. */
  readonly procedures: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** Writes the folder, and writes it again when called again. @returns its path, for `FLEET_DIR` */
export function writeFleetFolder(folder: string, { settings = {}, procedures }: FleetFolderContent): string {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'fleet.yaml'), stringify(settings));
  for (const [name, files] of Object.entries(procedures)) {
    mkdirSync(join(folder, 'procedures', name), { recursive: true });
    for (const [file, content] of Object.entries(files)) {
      const text = typeof content === 'string' ? content : stringify(content);
      const path = join(folder, 'procedures', name, file);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, text);
    }
  }
  return folder;
}
