/**
 * A browser profile with as many undelivered runs as are wanted, as a month without a network would leave it, made in a
 * real browser by the product's own store.
 *
 * Above it: a benchmark and a browser test. Knows nothing of delivery.
 */
import { serveWorker } from '../bench/bundle.ts';
import { startBrowser } from '../virtual-devices/browser.ts';

/**
 * A browser's life writes so many. Filled in one life, the worker stood still after 1,250 runs (17 MB on disk, nothing
 * left to compact in LevelDB's own log) for as long as anybody waited; why is not known. In short lives it never did.
 */
const RUNS_A_VISIT = 500;

export interface Backlog {
  readonly runs: number;
  /** They are spread over so many serial numbers, in turn. */
  readonly units: number;
}

/** @param place whose profile, and the port of the origin that the runs are to belong to; nobody may listen there yet */
export async function fillBacklog(place: { folder: string; port: number }, backlog: Backlog): Promise<void> {
  const { folder, port } = place;
  const site = await serveWorker('../support/backlog-worker.ts', port);
  try {
    for (let runs = 0; runs < backlog.runs;) {
      runs = Math.min(runs + RUNS_A_VISIT, backlog.runs);
      const browser = await startBrowser({ folder, origin: site.origin });
      await site.run(browser.page, { ...backlog, runs });
      await browser.close();
    }
  } finally {
    site.close();
  }
}
