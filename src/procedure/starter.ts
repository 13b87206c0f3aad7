/**
 * A small procedure with comments and its simulated bench, to begin with: what `fieldbench init` and the workshop write.
 *
 * Knows nothing of disks and screens.
 */

/** @param schema address of the format's schema, for editors that read it; absent: none does */
export const starterProcedure = (
  name: string,
  schema?: string,
): string => `${schema === undefined ? '' : `# yaml-language-server: $schema=${schema}\n`}name: ${name} functional test
version: 0.1.0
id: '' # the procedure's UUID in TofuPilot; a station runs it only with one

# Values that configuration may override; they are recorded with every run.
parameters:
  rail: { type: range, unit: V, default: [3.2, 3.4] }
  settle: { type: duration, default: 50ms }

# What the operator scans.
unit:
  serial_number: { pattern: '^SN-[0-9]{6}$', placeholder: SN-000123 }
  part_number: { default_value: BOARD-A }

# The instruments. safe_state is sent whenever a run ends, however it ends.
plugs:
  - name: Fixture
    key: fixture
    driver: scpi
    resource:
      serial: { usb: ['0403:6001'], baud_rate: 115200 }
      identity: '^ACME,FX-1,'
    safe_state: ['OUTP OFF']

setup:
  - name: Power on
    steps:
      - write: { plug: fixture, command: 'OUTP ON' }
      - wait: \${settle}

main:
  - name: Supply
    timeout: 10s
    steps:
      - measure: { name: rail_3v3, plug: fixture, query: 'MEAS:VOLT:DC?' }
      - measure: { name: current, plug: fixture, query: 'MEAS:CURR:DC?' }
    measurements:
      - name: rail_3v3
        unit: V
        validators: [{ operator: range, expected_value: \${rail} }]
      - name: current
        unit: A
        validators: [{ operator: <=, expected_value: 0.06 }]
        # A pass that misses this is shown as close to its limit.
        marginal: { operator: <=, expected_value: 0.055 }

# Always runs: after a pass, a failure, a stop, an error.
teardown:
  - name: Power off
    steps:
      - write: { plug: fixture, command: 'OUTP OFF' }
`;

export const STARTER_BENCH = `# How the simulated instruments answer, by plug.
fixture:
  '*IDN?': ACME,FX-1,FX0001,1.0
  'OUTP ON': null # accepted, no answer
  'OUTP OFF': null
  'MEAS:VOLT:DC?': ['3.301', '3.298'] # in turn; the last one stays
  'MEAS:CURR:DC?': { normal: { mean: 0.042, sigma: 0.001 } } # seeded by --seed
units: # by serial number: one that ends in 13 fails
  '13$': { fixture: { 'MEAS:VOLT:DC?': '3.05' } }
`;
