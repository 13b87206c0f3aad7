/** The scanners of a station, put together from its parts; decides nothing. Above: station.ts. */
import { systemClock } from '#base/clock.ts';
import type { Store } from '#storage/store/store.ts';
import type { Fixture } from './fixture.ts';
import type { People } from './people.ts';
import { Scanners } from './scanners.ts';
import type { View } from './view.ts';

export interface ScannersParts {
  readonly store: Store;
  readonly view: View;
  readonly people: People;
  readonly fixture: Fixture;
}

export function scannersOf({ store, view, people, fixture }: ScannersParts): Scanners {
  return new Scanners({
    store,
    view,
    ports: fixture.ports,
    clock: systemClock,
    isBadge: async (scanned) => (await people.book.whoseBadge(scanned)) !== null,
    newId: () => crypto.randomUUID(),
  });
}
