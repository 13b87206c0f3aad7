/**
 * A browser collects garbage whenever it likes: the second copy stays open through it, and sealing a run ends.
 */
import { serveWorker } from '../bench/bundle.ts';
import { expect, test } from './stage.ts';

test('12: runs are sealed in two stores before and after the browser has collected its garbage', async ({ stage }) => {
  const site = await serveWorker('../browser/second-copy-worker.ts');
  try {
    const browser = await stage.browser({ origin: site.origin, args: ['--js-flags=--expose-gc'] });
    expect(await site.run(browser.page)).toEqual({ sealed: 5 });
  } finally {
    site.close();
  }
});
