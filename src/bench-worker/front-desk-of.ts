/** The front desk of a station, put together from its parts; decides nothing. Above: station.ts. */
import { systemClock } from '#base/clock.ts';
import { localDay } from '#base/local-day.ts';
import type { Store } from '#storage/store/store.ts';
import type { Fixture } from './fixture.ts';
import { FrontDesk } from './front-desk.ts';
import { IdentityDesk } from './identity-desk.ts';
import type { People } from './people.ts';
import type { RunDesk } from './run-desk.ts';
import type { View } from './view.ts';

export interface FrontDeskParts {
  readonly store: Store;
  readonly view: View;
  readonly people: People;
  readonly fixture: Pick<Fixture, 'setup'>;
  readonly desk: RunDesk;
}

export function frontDesk({ store, view, people, fixture, desk }: FrontDeskParts): FrontDesk {
  const { book, signIn } = people;
  const identity = new IdentityDesk({
    view,
    runsToday: (serial, procedureId) => {
      const dayStart = new Date(`${localDay(systemClock.nowMs())}T00:00:00`).toISOString();
      return store.runsOfUnit(serial, procedureId, dayStart);
    },
    mayRetest: () => signIn.mayBe(book.signIn.retestBy),
    wantsReason: () => book.signIn.retestReason,
  });
  return new FrontDesk({
    view,
    book,
    signIn,
    identity,
    procedure: () => {
      const ready = fixture.setup();
      return 'code' in ready ? null : ready.procedure;
    },
    isFree: () => !desk.busy,
    start: (scan, facts) => desk.start(scan, facts),
  });
}
