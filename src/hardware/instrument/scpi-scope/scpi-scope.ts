/**
 * Driver `scpi-scope`: an oscilloscope with up to four channels, waveforms as curves.
 *
 * In the commands of Keysight's InfiniiVision, which Rigol's share; names after IVI-4.1 (IviScope). A time axis is read
 * like a waveform: `time_1` beside `waveform_1`.
 */
import {
  choiceTo,
  curve,
  flag,
  flagTo,
  number,
  numberTo,
  STATUS_READINGS,
  type ScpiDriver,
  type ScpiReading,
  type ScpiSetting,
} from '#hardware/instrument/scpi-table.ts';
import { takeSeconds, takeVolts } from '#hardware/instrument/scpi-scope/waveform.ts';

const CHANNELS = [1, 2, 3, 4];
const SOURCES = Object.fromEntries(CHANNELS.map((channel) => [`channel_${channel}`, `CHAN${channel}`]));

export const SCPI_SCOPE: ScpiDriver = {
  readings: {
    ...Object.fromEntries(CHANNELS.flatMap(readingsOf)),
    trigger_level: number(':TRIG:EDGE:LEV?', 'V'),
    time_per_division: number(':TIM:SCAL?', 's'),
    ...STATUS_READINGS,
  },
  settings: {
    ...Object.fromEntries(CHANNELS.flatMap(settingsOf)),
    time_per_division: numberTo(':TIM:SCAL', 's'),
    time_offset: numberTo(':TIM:POS', 's'),
    trigger_source: choiceTo((word) => `:TRIG:EDGE:SOUR ${word}`, SOURCES),
    trigger_level: numberTo(':TRIG:EDGE:LEV', 'V'),
    trigger_slope: choiceTo((word) => `:TRIG:EDGE:SLOP ${word}`, { positive: 'POS', negative: 'NEG' }),
    acquisition: choiceTo((word) => word, { run: ':RUN', stop: ':STOP', single: ':SING' }),
  },
  // It drives nothing.
  safeState: [],
  hasErrorQueue: true,
};

function readingsOf(channel: number): [string, ScpiReading][] {
  return [
    [`waveform_${channel}`, curve((...asked) => takeVolts(channel, ...asked), 'V')],
    [`time_${channel}`, curve((session, signal) => takeSeconds(channel, session, signal), 's')],
    [`frequency_${channel}`, number(`:MEAS:FREQ? CHAN${channel}`, 'Hz')],
    [`period_${channel}`, number(`:MEAS:PER? CHAN${channel}`, 's')],
    [`rise_time_${channel}`, number(`:MEAS:RIS? CHAN${channel}`, 's')],
    [`peak_to_peak_${channel}`, number(`:MEAS:VPP? CHAN${channel}`, 'V')],
    [`maximum_${channel}`, number(`:MEAS:VMAX? CHAN${channel}`, 'V')],
    [`minimum_${channel}`, number(`:MEAS:VMIN? CHAN${channel}`, 'V')],
    [`channel_${channel}`, flag(`:CHAN${channel}:DISP?`)],
  ];
}

function settingsOf(channel: number): [string, ScpiSetting][] {
  return [
    [`channel_${channel}`, flagTo(`:CHAN${channel}:DISP`)],
    [`volts_per_division_${channel}`, numberTo(`:CHAN${channel}:SCAL`, 'V')],
    [`offset_${channel}`, numberTo(`:CHAN${channel}:OFFS`, 'V')],
  ];
}
