/**
 * Readings of driver `scpi-dmm`: a multimeter that follows SCPI's `MEASure` subsystem.
 *
 * Names as in IVI-4.2 (IviDmm), answers in SI base units: V, A, Ω, Hz; temperature in °C, SCPI's default.
 */
export const DMM_READINGS: Readonly<Record<string, string>> = {
  voltage_dc: 'MEAS:VOLT:DC?',
  voltage_ac: 'MEAS:VOLT:AC?',
  current_dc: 'MEAS:CURR:DC?',
  current_ac: 'MEAS:CURR:AC?',
  resistance: 'MEAS:RES?',
  frequency: 'MEAS:FREQ?',
  temperature: 'MEAS:TEMP?',
};
