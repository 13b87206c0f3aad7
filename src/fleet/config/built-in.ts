/**
 * What the app does where no file says anything, as far as it is said nowhere else.
 *
 * Small: a station asks at every start. settings-table.ts puts it together with the rest. Knows nothing of tiers.
 */
export const BUILT_IN = {
  /** The browser's estimate is no promise; below this a person should know before a run is refused. */
  storage: { warn_free_mib: 256 },
  /** Far more than any sample errs, and enough to put a run into the wrong shift's report. */
  clock: { warn_offset_s: 60 },
  /** Somebody who reads a run's page and thinks takes less than ten minutes; whoever has gone to lunch takes more. */
  screen: { theme: 'system', sound: true, back_after_min: 10 },
} as const;
