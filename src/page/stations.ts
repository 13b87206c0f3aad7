/**
 * Asks this page's server which stations it has heard. Loaded when somebody looks at them.
 *
 * Knows nothing of what is shown.
 */
import { Fault } from '#base/fault.ts';
import type { StationsReport } from '#fleet/health/stations-report.ts';

/** A server that is there has its list in memory. */
const LIMIT_MS = 10_000;

/** @throws {Fault} `stations-unreachable`, `stations-unknown` */
export async function fetchStations(fetchFrom: typeof fetch, signal: AbortSignal): Promise<StationsReport> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(LIMIT_MS)]);
  const response = await fetchFrom('/fleet/stations', { signal: limit, cache: 'no-store' }).catch((cause: unknown) => {
    throw unreachable('The server cannot be reached.', cause);
  });
  if (response.status === 404)
    throw new Fault(
      'stations-unknown',
      'What serves this page keeps no list of stations.',
      'Open the page from the server that the stations report to.',
    );
  if (!response.ok) throw unreachable(`The server answered ${response.status}.`);
  const report = (await response.json().catch(() => null)) as StationsReport | null;
  if (report?.format !== 1) throw unreachable('The server’s list of stations cannot be read.');
  return report;
}

function unreachable(message: string, cause?: unknown): Fault {
  return new Fault('stations-unreachable', message, 'It is asked again by itself. Stations go on without it.', {
    cause,
  });
}
