/** The twin of `scpi-load`: 12 V behind 0.1 Ω are on its input. */
import { ScpiTwin, type State } from '#hardware/instrument/scpi/scpi-twin.ts';

const SOURCE_V = 12;
const SOURCE_OHM = 0.1;
/** What the source can give into a short circuit. */
const MOST_A = SOURCE_V / SOURCE_OHM;

export function loadTwin(): ScpiTwin {
  let mode = 'CURR';
  const drawn = (state: State): number => {
    if (!state('INP')) return 0;
    if (mode === 'CURR') return state('CURR');
    if (mode === 'VOLT') return (SOURCE_V - state('VOLT')) / SOURCE_OHM;
    if (mode === 'RES') return SOURCE_V / (state('RES') + SOURCE_OHM);
    // Where the power is more than the source can give, the greatest that it can.
    const root = Math.max(SOURCE_V ** 2 - 4 * SOURCE_OHM * state('POW'), 0);
    return (SOURCE_V - Math.sqrt(root)) / (2 * SOURCE_OHM);
  };
  const current = (state: State) => Math.min(Math.max(drawn(state), 0), MOST_A);
  const voltage = (state: State) => SOURCE_V - current(state) * SOURCE_OHM;
  return new ScpiTwin({
    settings: { CURR: '0', VOLT: '0', RES: '1000', POW: '0', INP: 'OFF' },
    answers: {
      'MEAS:CURR?': current,
      'MEAS:VOLT?': voltage,
      'MEAS:POW?': (state) => current(state) * voltage(state),
      'FUNC?': () => mode,
    },
    act: (command) => {
      const [, word] = /^FUNC (CURR|VOLT|RES|POW)$/i.exec(command) ?? [];
      if (word === undefined) return false;
      mode = word.toUpperCase();
      return {};
    },
  });
}
