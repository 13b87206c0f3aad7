/** The front desk of a station, put together from its parts; decides nothing. Above: station.ts. */
import { systemClock } from '#base/clock.ts';
import { localDay } from '#base/local-day.ts';
import type { ScanTaken } from '#engine/link/people-link.ts';
import type { Store } from '#storage/store/store.ts';
import { FrontDesk } from './front-desk.ts';
import type { HandDesk } from './hand-desk.ts';
import { IdentityDesk } from './identity-desk.ts';
import { NOT_READY } from './not-ready.ts';
import type { People } from './people.ts';
import type { RunDesk } from './run-desk.ts';
import type { View } from './view.ts';

export interface FrontDeskParts {
  readonly store: Store;
  readonly view: View;
  readonly people: People;
  readonly desk: RunDesk;
  readonly hand: Pick<HandDesk, 'end'>;
}

export function frontDesk({ store, view, people, desk, hand }: FrontDeskParts): FrontDesk {
  const { book, failed, signIn } = people;
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
    failed,
    procedure: () => desk.nextProcedure,
    holdSlot: () => desk.holdSlot(),
    isFree: () => desk.isFree,
    start: async (scan, facts) => {
      // What was switched on by hand is off; what cannot be made safe is lost, and the check before the run says so.
      await hand.end().catch(() => {});
      return desk.start(scan, facts);
    },
  });
}

/** @param front absent in a tab that takes no scans now */
export async function takeScan(front: FrontDesk | undefined, view: View, scan: string): Promise<ScanTaken> {
  const { status } = view.current;
  if (status === 'ready') return front ? front.take(scan) : 'not-taken';
  view.refuse(NOT_READY[status]);
  return 'unit';
}
