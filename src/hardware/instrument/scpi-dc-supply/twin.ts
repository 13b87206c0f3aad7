/** The twin of `scpi-dc-supply`: 100 Ω are on its output, and it limits the current as a supply does. */
import { ScpiTwin, type State } from '#hardware/instrument/scpi/scpi-twin.ts';

const LOAD_OHM = 100;

export function dcSupplyTwin(): ScpiTwin {
  const current = (state: State) => (state('OUTP') ? Math.min(state('VOLT') / LOAD_OHM, state('CURR')) : 0);
  return new ScpiTwin({
    settings: { VOLT: '0', CURR: '1', 'VOLT:PROT': '32', OUTP: 'OFF' },
    answers: {
      'MEAS:VOLT?': (state) => current(state) * LOAD_OHM,
      'MEAS:CURR?': current,
    },
  });
}
