/** What a scan is told by a tab that takes none now, and what such a tab says by itself. Words only. */
import type { Notice } from '#engine/link/station-link.ts';

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

export const SECOND_TAB: Notice = {
  code: 'second-tab',
  tone: 'warning',
  message: 'Another tab or window of this browser is the station.',
  remedy: 'Work there, or close it: this one then takes over by itself.',
};
