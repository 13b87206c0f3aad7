/**
 * The station name's scheme as an input takes it, so that a slip shows while it is typed.
 *
 * A hint only: fleet/identity decides, and tests/ui/station-name-pattern.test.ts holds the two together.
 */
export const STATION_NAME_PATTERN = '[a-z][a-z0-9]*-[a-z0-9]+-[0-9]{1,6}';
