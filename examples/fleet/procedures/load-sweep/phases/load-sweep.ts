import type { Phase } from 'fieldbench/procedure';
import { slope } from './slope';

/** Raises the load step by step and reads the output at each. */
export default async ({ plugs, measurements, parameters, log, wait }: Phase): Promise<void> => {
  const fixture = plugs['fixture']!;
  const steps = Number(parameters['steps']);
  const highest = Number(parameters['highest_load']);
  const load: number[] = [];
  const volts: number[] = [];
  for (let step = 0; step < steps; step++) {
    const amperes = Number(((highest * step) / (steps - 1)).toFixed(3));
    await fixture.write(`LOAD:CURR ${amperes}`);
    await wait(20);
    load.push(amperes);
    volts.push(Number(await fixture.query('MEAS:VOLT:DC?')));
    log.info(`${amperes} A: ${volts.at(-1)} V`);
  }
  measurements['output'] = { load, volts };
  measurements['resistance'] = -slope(load, volts);
};
