/**
 * The one scheme for station names: `{site}-{line}-{station_number}`, e.g. `taipei-line1-042`.
 *
 * Checked wherever a name enters: enrolment, fleet files, provisioning. Knows nothing of keys.
 */
const SCHEME = /^[a-z][a-z0-9]*-[a-z0-9]+-[0-9]{1,6}$/;

/** @returns why the name is refused, as one sentence; null when it is on the scheme */
export function stationNameProblem(name: string): string | null {
  if (SCHEME.test(name)) return null;
  return `“${name.slice(0, 60)}” is not a station name. A name is site, line and number, such as taipei-line1-042.`;
}

/** Site, line and number of a name that is on the scheme. */
export function stationPlace(name: string): { readonly site: string; readonly line: string; readonly number: string } {
  const [site = '', line = '', number = ''] = name.split('-');
  return { site, line, number };
}
