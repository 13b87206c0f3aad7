/** The wall view by name: what the station's window shows, told to itself; part of states.ts. */
import { EVENTS, headerOf, LONG_SERIAL, READY } from './samples.ts';
import type { Scene } from './scene.ts';
import { SLOT_SCENES } from './slot-states.ts';

const seen = async (page: Parameters<NonNullable<Scene['act']>>[0]) => {
  await page.getByTestId('wall-slot').first().waitFor();
};
const run = (state: string, serial = 'SN-000124') => [
  { kind: 'run-started' as const, header: headerOf(serial) },
  ...(EVENTS[state] ?? []),
];
const wall = (scene: Scene): Scene => ({ ...scene, path: '/wall', act: seen });
const STATES = ['pass', 'fail', 'error', 'timeout', 'aborted'];

export const WALL_SCENES: Readonly<Record<string, Scene>> = {
  'wall-idle': wall({ path: '/wall', view: READY }),
  'wall-running': wall({ path: '/wall', view: { ...READY, running: true }, events: run('running') }),
  ...Object.fromEntries(
    STATES.map((state) => [`wall-${state}`, wall({ path: '/wall', view: READY, events: run(state) })]),
  ),
  'wall-long': wall({ path: '/wall', view: READY, events: run('fail', LONG_SERIAL) }),
  'wall-trouble': wall({
    path: '/wall',
    view: {
      ...READY,
      connection: 'refused',
      simulated: true,
      queue: { ...READY.queue, waiting: 12, parked: 2 },
      notices: [
        {
          code: 'key-refused',
          tone: 'error',
          message: 'TofuPilot refuses this station’s key.',
          remedy: 'Enrol it again.',
        },
        {
          code: 'run-interrupted',
          tone: 'warning',
          message: 'The run of SN-000119 was cut off.',
          remedy: 'Test it again.',
        },
      ],
    },
    events: run('pass'),
  }),
  'wall-16': wall(SLOT_SCENES['slots-16-running']!),
  'wall-16-long': wall(SLOT_SCENES['slots-16-long']!),
  'wall-2': wall(SLOT_SCENES['slots-2-verdicts']!),
  'wall-4': wall(SLOT_SCENES['slots-4-verdicts']!),
  'wall-silent': {
    path: '/wall',
    view: { ...READY, status: 'standby' },
    act: async (page) => void (await page.getByRole('alert').waitFor({ timeout: 30_000 })),
  },
};
