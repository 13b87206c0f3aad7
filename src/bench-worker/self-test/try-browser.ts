/**
 * A browser that updated itself is tried out before anything is tested with it.
 *
 * What is tried is self-test.ts, loaded for that alone. Above: station.ts. Knows nothing of screens.
 */
import type { Clock } from '#base/clock.ts';
import { messageOf } from '#base/fault.ts';
import type { Word } from '#engine/link/station-link.ts';
import type { Store } from '#storage/store/store.ts';
import { browserName } from '../browser-name.ts';
import type { View } from '../view.ts';
import type { SelfTestParts } from './self-test.ts';

export interface BrowserTrial {
  readonly store: Pick<Store, 'get' | 'set'>;
  readonly view: Pick<View, 'notice'>;
  readonly clock: Clock;
  /** What its navigator says; absent: this worker's own does. */
  readonly name?: () => Promise<string>;
  /** @throws what does not work */
  readonly selfTest?: (parts: SelfTestParts) => Promise<void>;
}

/** The last browser that this station was found to work in. */
const TRIED_BROWSER = 'tried-browser';

export interface TriedBrowser {
  /** Name and version, as runs say it. */
  readonly browser: string;
  /** Why no unit is tested in it; null: nothing stands against it. */
  readonly unfit: Word | null;
}

/** Once for each version. The first one that a station is opened in is the one that somebody sets it up with. */
export async function tryBrowser(trial: BrowserTrial): Promise<TriedBrowser> {
  const { store, view, clock, name = () => browserName(navigator), selfTest = load } = trial;
  const browser = await name();
  const tried = await store.get<string>(TRIED_BROWSER);
  if (tried === browser) return { browser, unfit: null };
  try {
    if (tried !== undefined) await selfTest({ store, clock });
    await store.set(TRIED_BROWSER, browser);
    return { browser, unfit: null };
  } catch (thrown) {
    const unfit: Word = {
      code: 'browser-unfit',
      message: `The browser was updated to ${browser}, and the station’s test of itself fails in it: ${messageOf(thrown)}`,
      remedy:
        'Reload the page. If it fails again, go back to the browser’s version before, and tell whoever looks after it.',
    };
    view.notice({ ...unfit, tone: 'error' });
    return { browser, unfit };
  }
}

async function load(parts: SelfTestParts): Promise<void> {
  await (await import('./self-test.ts')).selfTest(parts);
}
