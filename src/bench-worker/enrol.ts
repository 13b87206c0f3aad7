/**
 * A browser becomes a station, or another one: name, key, procedure and PIN are kept, each where it belongs.
 *
 * Above: station.ts, which shows what came of it. Knows nothing of screens.
 */
import type { Enrolment } from '#engine/link/station-link.ts';
import { checkEnrolment } from '#fleet/identity/enrolment.ts';
import type { LocalStore } from '#storage/store/open.ts';
import type { Vault } from '#storage/vault/vault.ts';
import type { People } from './people.ts';

/** @throws {Fault} `station-name`, `enrolment-unreadable`, `not-allowed`; then nothing is changed */
export async function enrol(enrolment: Enrolment, store: LocalStore, vault: Vault, people: People): Promise<void> {
  const { station, key, procedure, pin } = checkEnrolment(enrolment);
  await people.demandEnrolment();
  await vault.sealKey(key);
  await store.set('station', station);
  await store.setHold(undefined);
  if (procedure) await store.set('procedure-folder', procedure);
  await people.setStationPin(pin);
}
