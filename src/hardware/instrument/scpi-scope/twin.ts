/** The twin of `scpi-scope`: a sine of 1 kHz and 2 V peak to peak is on every channel. */
import { encodeBlock } from '#hardware/framing/block-488.ts';
import { ScpiTwin } from '#hardware/instrument/scpi/scpi-twin.ts';

const POINTS = 1000;
const STEP_S = 2e-6;
const AMPLITUDE_V = 1;
const FREQUENCY_HZ = 1000;
const STEP_V = 1e-4;
const REFERENCE = 32_768;

export function scopeTwin(): ScpiTwin {
  const channels = [1, 2, 3, 4];
  const per = (entries: (channel: number) => [string, string][]) => Object.fromEntries(channels.flatMap(entries));
  const measured = (query: string, value: number) =>
    Object.fromEntries(channels.map((channel) => [`MEAS:${query}? CHAN${channel}`, () => value]));
  return new ScpiTwin({
    settings: {
      'WAV:SOUR': 'CHAN1',
      'WAV:FORM': 'WORD',
      'WAV:BYT': 'MSBF',
      'WAV:UNS': 'ON',
      'TIM:SCAL': '0.0002',
      'TIM:POS': '0',
      'TRIG:EDGE:SOUR': 'CHAN1',
      'TRIG:EDGE:LEV': '0',
      'TRIG:EDGE:SLOP': 'POS',
      ...per((channel) => [
        [`CHAN${channel}:DISP`, 'ON'],
        [`CHAN${channel}:SCAL`, '0.5'],
        [`CHAN${channel}:OFFS`, '0'],
      ]),
    },
    answers: {
      'WAV:PRE?': () => `1,0,${POINTS},1,${STEP_S},${-(POINTS / 2) * STEP_S},0,${STEP_V},0,${REFERENCE}`,
      'WAV:DATA?': sineBlock,
      ...measured('FREQ', FREQUENCY_HZ),
      ...measured('PER', 1 / FREQUENCY_HZ),
      // From 10 % to 90 % of a sine.
      ...measured('RIS', (2 * Math.asin(0.8)) / (2 * Math.PI * FREQUENCY_HZ)),
      ...measured('VPP', 2 * AMPLITUDE_V),
      ...measured('VMAX', AMPLITUDE_V),
      ...measured('VMIN', -AMPLITUDE_V),
    },
    act: (command) => (/^(?:RUN|STOP|SING)$/i.test(command) ? {} : false),
  });
}

function sineBlock(): Uint8Array {
  const samples = new DataView(new ArrayBuffer(POINTS * 2));
  for (let at = 0; at < POINTS; at++) {
    const volts = AMPLITUDE_V * Math.sin(2 * Math.PI * FREQUENCY_HZ * (at - POINTS / 2) * STEP_S);
    samples.setUint16(at * 2, Math.round(volts / STEP_V) + REFERENCE);
  }
  return encodeBlock(new Uint8Array(samples.buffer));
}
