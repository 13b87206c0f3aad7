import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { driverReadings, knownDrivers } from '#hardware/instrument/drivers.ts';
import { parse, parseData } from '#procedure/parse.ts';
import type { Procedure } from '#procedure/procedure.ts';
import { inSlot, slotsOf } from '#procedure/slots.ts';
import { readFleetConfig } from '#server/fleet/fleet-config.ts';

const fleet = new URL('../../examples/fleet/', import.meta.url);
const text = (path: string) => readFileSync(new URL(path, fleet), 'utf8');

function procedureIn(folder: string): Procedure {
  const options = { drivers: knownDrivers, readings: driverReadings };
  const { procedure, problems } = parse(text(`procedures/${folder}/procedure.yaml`), 'procedure.yaml', options);
  expect(problems).toEqual([]);
  if (!procedure) throw new Error(`${folder} has no procedure`);
  return procedure;
}

type Answers = Record<string, Record<string, unknown>>;
type Bench = { slots?: Record<string, Answers> } & Answers;

describe('the example fleet', () => {
  test('10: is simulated and starts with the power board', () => {
    expect(readFleetConfig(text('fleet.yaml'), 'fleet.yaml')).toMatchObject({
      simulated: true,
      default_procedure: 'power-board',
    });
  });

  test.each(['power-board', 'sensor-module', 'load-sweep', 'display-panel', 'charger-panel'])(
    '10: %s can run, and its bench answers whatever it asks',
    (folder) => {
      const whole = procedureIn(folder);
      const { slots: inSlots = {}, ...everywhere } = parseData(text(`procedures/${folder}/bench.yaml`)) as Bench;
      for (const { key: slot } of slotsOf(whole)) {
        const procedure = inSlot(whole, slot);
        const bench = Object.fromEntries(
          Object.entries(everywhere).map(([plug, answers]) => [plug, { ...answers, ...inSlots[slot]?.[plug] }]),
        );
        expect(procedure.obstacles).toEqual([]);
        expect(procedure.id).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
        const { pattern = '', placeholder = '' } = procedure.unit.serial_number;
        expect(placeholder).toMatch(new RegExp(pattern));
        const asked = procedure.phases.flatMap(({ steps }) =>
          steps.flatMap((step) => {
            if (step.kind === 'write' || step.kind === 'query') return [[step.plug, step.command]];
            return step.kind === 'measure' && 'query' in step.source ? [[step.plug, step.source.query]] : [];
          }),
        );
        const safe = procedure.plugs.flatMap(({ key, safeState }) => safeState.map((command) => [key, command]));
        for (const [plug = '', command = ''] of [...asked, ...safe])
          expect(Object.keys(bench[plug] ?? {}), command).toContain(command);
        for (const { key, resource } of procedure.plugs)
          expect(bench[key]?.['*IDN?']).toMatch(new RegExp(resource?.identity ?? ''));
      }
    },
  );

  test('10: a power board takes long enough to be watched, and 13 fails', () => {
    const waits = procedureIn('power-board').phases.flatMap(({ steps }) =>
      steps.map((step) => (step.kind === 'wait' ? step.durationMs : 0)),
    );
    const totalMs = waits.reduce((sum, ms) => sum + ms, 0);
    expect(totalMs).toBeGreaterThan(2000);
    expect(totalMs).toBeLessThan(4000);
    const bench = parseData(text('procedures/power-board/bench.yaml')) as { units: Record<string, object> };
    expect(bench.units).toEqual({ '13$': { fixture: { 'MEAS:VOLT:DC? CH1': '3.05' } } });
  });
});
