/**
 * Whether this computer is set up as a station: one line a thing, with what to do about it; what is worst comes first.
 *
 * Pure. Above: check-desk.svelte.ts. Knows nothing of how the facts are found.
 */
import type { StationView } from '#engine/link/station-link.ts';
import type { BrowserFacts, CheckLine } from '#ui/check/check-line.ts';
import { plugLines } from '#ui/check/plug-check.ts';
import { formatSize } from '#ui/parts/size.ts';
import { clockWords } from '#ui/settings/clock-words.ts';

type Found = Omit<CheckLine, 'key' | 'name'>;
type Said = Pick<StationView, 'connection' | 'clock' | 'plugs' | 'tryout'>;

/** What the app is built for (docs/reference/platforms.md). */
const OLDEST_CHROMIUM = 130;
/** Below this a station should be looked after; a run with pictures takes a few megabytes. */
const LITTLE_ROOM_BYTES = 5e9;
const NO_ROOM_BYTES = 0.5e9;
/** The server tells whole seconds; beyond this the times in the runs of a line do not fit together. */
const CLOCK_MS = 5_000;

const URGENCY: readonly CheckLine['state'][] = ['failed', 'attention', 'ok'];

const PROVISION = '“fieldbench provision” writes what this computer needs.';

export function checkStation(facts: BrowserFacts, said: Said): CheckLine[] {
  const lines: readonly (readonly [key: string, name: string, found: Found])[] = [
    ['secure', 'Secure address', secure(facts)],
    ['browser', 'Browser', browser(facts)],
    ['persisted', 'Data is kept', persisted(facts)],
    ['room', 'Room for runs', room(facts)],
    ['offline', 'Works offline', offline(facts)],
    ['serial', 'Serial ports', wire(facts.hasSerial, 'Web Serial')],
    ['usb', 'USB devices', wire(facts.hasUsb, 'WebUSB')],
    ['clock', 'Clock', clock(said)],
    ['tofupilot', 'TofuPilot', reach(said)],
    ['display', 'Full screen', display(facts)],
    ['awake', 'Screen stays on', awake(facts)],
  ];
  const all = [
    ...lines.map(([key, name, found]) => ({ key, name, ...found })),
    ...plugLines(said.plugs, facts.granted),
  ];
  return all.toSorted((a, b) => URGENCY.indexOf(a.state) - URGENCY.indexOf(b.state));
}

function secure({ isSecure }: BrowserFacts): Found {
  return isSecure
    ? ok('The app was loaded over HTTPS, or from this computer.')
    : failed(
        'The app was loaded over plain HTTP.',
        'Open it over HTTPS: without it there are no devices and no offline.',
      );
}

function browser({ browser: found }: BrowserFacts): Found {
  const remedy = `Use Chrome or Edge ${OLDEST_CHROMIUM} or later.`;
  if (!found) return failed('This is neither Chrome nor Edge.', remedy);
  const name = `${found.name} ${found.version}`;
  return found.version >= OLDEST_CHROMIUM
    ? ok(`${name} has all that is needed.`)
    : failed(`${name} is too old.`, remedy);
}

function persisted({ isPersisted }: BrowserFacts): Found {
  if (isPersisted) return ok('The browser has promised to keep this station’s data.');
  return failed(
    'The browser may clear this station’s data when the disk is full.',
    `Install the app, or have a policy install it, and load the page again. ${PROVISION}`,
  );
}

function room({ room: found }: BrowserFacts): Found {
  if (!found)
    return attention('The browser does not say how much room there is.', 'Look at the disk of this computer.');
  const says = `${formatSize(found.usedBytes)} used, at least ${formatSize(found.freeBytes)} free.`;
  const remedy = 'Make room on the disk of this computer.';
  if (found.freeBytes < NO_ROOM_BYTES) return failed(says, remedy);
  return found.freeBytes < LITTLE_ROOM_BYTES ? attention(says, remedy) : ok(says);
}

function offline({ worker }: BrowserFacts): Found {
  switch (worker) {
    case 'current':
      return ok(`Version ${__APP_VERSION__} is here whole, and nothing newer waits.`);
    case 'waiting':
      return attention('A newer version waits.', 'It is let in between two units. Leave the page open for a minute.');
    case 'partly':
      return failed(
        'Not everything that this page runs is kept on this computer.',
        'Load the page again while the server is in reach.',
      );
    case 'none':
      return failed(
        'This page is not kept on this computer yet.',
        'Wait a moment, then check again. A private window never keeps it.',
      );
  }
}

function wire(isThere: boolean, name: string): Found {
  return isThere
    ? ok(`This browser has ${name}.`)
    : failed(`This browser has no ${name}.`, 'Use Chrome or Edge over HTTPS. A policy may also have closed it.');
}

function clock({ clock: heard }: Said): Found {
  const says = clockWords(heard);
  if (!heard) return attention(says, 'Check again when the server is in reach.');
  if (Math.abs(heard.offsetMs) <= CLOCK_MS) return ok(says);
  return attention(says, 'Let this computer set its clock by the network. Every run says by how much it was off.');
}

function reach({ connection, tryout }: Said): Found {
  const who = tryout ? 'The built-in sandbox' : 'TofuPilot';
  if (connection === 'online') return ok(`${who} is in reach and takes this station’s key.`);
  return connection === 'refused'
    ? failed(`${who} refuses this station’s key.`, 'Enrol this station again with a new key, above.')
    : attention(`${who} is out of reach.`, 'Units can be tested; their runs are sent when the network is back.');
}

function display({ display: found }: BrowserFacts): Found {
  if (found === 'full-screen') return ok('The app has the whole screen.');
  return found === 'window'
    ? ok('The app has a window of its own.')
    : attention('The app is a tab among others.', `Install it and start it full screen. ${PROVISION}`);
}

function awake({ wakeLock }: BrowserFacts): Found {
  if (wakeLock === 'granted') return ok('The screen stays on during a run.');
  return attention(
    wakeLock === 'refused'
      ? 'The screen may go dark during a run: it was refused.'
      : 'This browser cannot keep the screen on.',
    'Connect the power supply, and set this computer never to switch its screen off.',
  );
}

const ok = (says: string): Found => ({ state: 'ok', says });
const attention = (says: string, remedy: string): Found => ({ state: 'attention', says, remedy });
const failed = (says: string, remedy: string): Found => ({ state: 'failed', says, remedy });
