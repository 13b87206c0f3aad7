/**
 * What people of this station call its devices: kept on disk, and nowhere else.
 *
 * A name hangs on what the device itself says, so it goes with the device from port to port. Above: main.ts. Knows nothing
 * of plugs: no name ever decides which device is taken.
 */
import { Fault } from '#base/fault.ts';
import type { DeviceNames } from '#engine/link/fixture-link.ts';
import type { Store } from '#storage/store/store.ts';

const KEY = 'deviceNames';
/** One line of a card on a small tablet. */
const LONGEST_NAME = 40;
/** More than a bench ever sees; a list that grows without end would be a mistake. */
const MOST_NAMES = 500;

export type NameStore = Pick<Store, 'get' | 'set'>;

export async function deviceNames(store: NameStore): Promise<DeviceNames> {
  return (await store.get<DeviceNames>(KEY)) ?? {};
}

/**
 * @param device as `DeviceNames` has it
 * @param name empty takes it away
 * @throws {Fault} `name-refused` with what is wrong
 */
export async function nameDevice(store: NameStore, device: string, name: string): Promise<void> {
  const called = name.replaceAll(/\s+/g, ' ').trim();
  if (called.length > LONGEST_NAME)
    throw refused(`A name has at most ${LONGEST_NAME} characters, and this one has ${called.length}.`);
  const { [device]: _before, ...others } = await deviceNames(store);
  const twin = Object.values(others).find((other) => other.toLowerCase() === called.toLowerCase());
  if (called !== '' && twin !== undefined) throw refused(`Another device is called “${twin}” already.`);
  if (called !== '' && Object.keys(others).length >= MOST_NAMES)
    throw refused(`This station has names for ${MOST_NAMES} devices already.`);
  await store.set(KEY, called === '' ? others : { ...others, [device]: called });
}

function refused(message: string): Fault<'name-refused'> {
  return new Fault('name-refused', message, 'Enter another name, or none.');
}
