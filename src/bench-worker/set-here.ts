/** What a person has set at this station and a configuration could say, too, by key. Above: main.ts. Decides nothing. */
import type { Store } from '#storage/store/store.ts';
import type { SetHere } from './configuration-view.ts';
import type { PeopleBook } from './people-book.ts';
import { CHOSEN } from './procedures.ts';

export async function setHere(store: Pick<Store, 'get'>, book: PeopleBook): Promise<SetHere> {
  const { idle_min: idleMin, retest_reason: reason, retest_by: by, fail_seen_by: seenBy } = book.ownSignIn;
  return {
    simulated: await store.get<boolean>('simulated'),
    default_procedure: await store.get<string>(CHOSEN),
    'sign_in.idle_min': idleMin,
    'sign_in.retest_reason': reason,
    'sign_in.retest_by': by,
    'sign_in.fail_seen_by': seenBy,
  };
}
