/** What a scan is told by a tab that takes none now. Words only. */
export const NOT_READY = {
  starting: { code: 'station-starting', message: 'The station is still starting.', remedy: 'Scan again in a moment.' },
  unenrolled: {
    code: 'not-enrolled',
    message: 'This browser is not a station yet.',
    remedy: 'Open its enrolment link.',
  },
  standby: {
    code: 'second-tab',
    message: 'Another tab or window of this browser is the station.',
    remedy: 'Scan there, or close it: this one then takes over.',
  },
  failed: { code: 'storage-failed', message: 'Runs cannot be kept on this machine.', remedy: 'See the message above.' },
} as const;
