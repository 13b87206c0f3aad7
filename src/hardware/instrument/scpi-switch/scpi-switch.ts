/**
 * Driver `scpi-switch`: a switch matrix or multiplexer, by SCPI's `ROUTe` subsystem.
 *
 * Paths as in IVI-4.6 (IviSwtch): `connect` and `disconnect` take channels as the instrument numbers them, `101` or
 * `101,102`; `disconnect: all` opens every one. A change is done when `*OPC?` says so.
 */
import { STATUS_READINGS, text, type ScpiDriver } from '#hardware/instrument/scpi-table.ts';

export const SCPI_SWITCH: ScpiDriver = {
  readings: { closed_channels: text('ROUT:CLOS:STAT?'), ...STATUS_READINGS },
  settings: {
    connect: { takes: 'text', command: (channels) => `ROUT:CLOS (@${channels})` },
    disconnect: {
      takes: 'text',
      command: (channels) => (channels === 'all' ? 'ROUT:OPEN:ALL' : `ROUT:OPEN (@${channels})`),
    },
  },
  safeState: ['ROUT:OPEN:ALL'],
  hasErrorQueue: true,
  settles: true,
};
