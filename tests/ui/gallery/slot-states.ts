/** Every state of the operator's screen with several slots by name; part of states.ts. */
import type { SlotView, StationView } from '#engine/link/station-link.ts';
import type { PromptView } from '#engine/link/prompt-link.ts';
import type { RunEvent } from '#record/run-event.ts';
import { ASK, NOBODY, OPERATOR } from './people-states.ts';
import { LOOK } from './prompt-states.ts';
import { EVENTS, headerOf, LONG_SERIAL, PROCEDURE, READY } from './samples.ts';
import type { Scene } from './scene.ts';

const NAMES: Readonly<Record<number, readonly string[]>> = { 2: ['Left', 'Right'] };
const PLUG = READY.plugs[0] as StationView['plugs'][number];

/** What is in a slot: a run in one of the sample states, a unit that waits, or nothing. */
type Content = keyof typeof EVENTS | 'begun' | 'trouble' | 'waits' | 'empty';

const RUNNING: readonly Content[] = ['running', 'begun', 'trouble'];
const SO_FAR: Readonly<Record<string, readonly RunEvent[]>> = {
  begun: (EVENTS['pass'] ?? []).slice(0, 1),
  trouble: (EVENTS['fail'] ?? []).slice(0, 12),
};

function scene(
  contents: readonly Content[],
  change: Partial<StationView> = {},
  serials: readonly string[] = [],
): Scene {
  const count = contents.length;
  const keys = contents.map((_, at) => `s${at + 1}`);
  const nameOf = (at: number) => NAMES[count]?.[at] ?? `Slot ${at + 1}`;
  const serialOf = (at: number) => serials[at] ?? `SN-${String(124 + at).padStart(6, '0')}`;
  const slots: SlotView[] = contents.map((content, at) => ({
    key: keys[at]!,
    name: nameOf(at),
    running: RUNNING.includes(content),
    serial: RUNNING.includes(content) || content === 'waits' ? serialOf(at) : null,
  }));
  const free = contents.findIndex((content) => !RUNNING.includes(content) && content !== 'waits');
  const own = keys.map((key, at) => ({ ...PLUG, slot: key, name: `Fixture (${nameOf(at)})` }));
  return {
    path: '/',
    view: {
      ...READY,
      procedure: { ...PROCEDURE, sharedPower: ['Power supply'] },
      plugs: [{ ...PLUG, key: 'psu', name: 'Power supply' }, ...own],
      slots,
      running: slots.some(({ running }) => running),
      nextSlot: keys[free] ?? null,
      ...change,
    },
    slotEvents: Object.fromEntries(
      contents.flatMap((content, at) => {
        const events = SO_FAR[content] ?? EVENTS[content];
        const header = {
          ...headerOf(serialOf(at)),
          id: runIn(at),
          slot: keys[at]!,
        };
        return events ? [[keys[at]!, [{ kind: 'run-started' as const, header }, ...events]]] : [];
      }),
    ),
  };
}

const of = (count: number, content: Content): Content[] => Array.from({ length: count }, () => content);
const MIXED: readonly Content[] = ['pass', 'running', 'fail', 'trouble', 'pass', 'begun', 'error', 'empty'];
const VERDICTS: readonly Content[] = ['pass', 'fail', 'pass', 'error', 'pass', 'pass', 'timeout', 'aborted'];
const TOGETHER: Partial<StationView> = {
  procedure: { ...PROCEDURE, startsTogether: true, sharedPower: ['Power supply'] },
};
const REFUSAL: Partial<StationView> = {
  refusal: {
    code: 'unit-in-slot',
    message: 'SN-000124 is in slot “Slot 1” already.',
    remedy: 'Scan the unit that you have put in, or stop the other slot.',
  },
};

function broken({ view, ...rest }: Scene, bad: number): Scene {
  const plugs = view.plugs.map((plug, at) =>
    at === bad + 1
      ? { ...plug, state: 'lost' as const, message: `${plug.name} is gone.`, remedy: 'Plug its cable in again.' }
      : plug,
  );
  return { ...rest, view: { ...view, plugs } };
}

/** The run of a slot, by its place. */
const runIn = (at: number) => `01938d2e-4c00-7000-8000-0000000002${String(at).padStart(2, '0')}`;
const ask = (id: number, at: number): PromptView => ({ ...LOOK, run: runIn(at), id });

export const SLOT_SCENES: Readonly<Record<string, Scene>> = {
  'slots-2-idle': scene(of(2, 'empty')),
  'slots-2-running': scene(['running', 'trouble']),
  'slots-2-verdicts': scene(['pass', 'fail']),
  'slots-2-live': scene(['pass', 'running']),
  'slots-2-asking': scene(['running', 'trouble'], { prompts: [ask(1, 1), ask(2, 0)] }),
  'slots-16-asking': scene([...MIXED, ...of(4, 'running'), ...MIXED.slice(0, 4)], { prompts: [ask(1, 9), ask(2, 1)] }),
  'slots-2-waiting': scene(['waits', 'empty'], TOGETHER),
  'slots-3': scene(['pass', 'running', 'curve']),
  'slots-4-idle': scene(of(4, 'empty'), { recent: [], today: { runs: 0, firstPassYield: 0 } }),
  'slots-4-running': scene(['running', 'trouble', 'pass', 'begun']),
  'slots-4-verdicts': scene(['pass', 'fail', 'error', 'aborted']),
  'slots-4-long': scene(
    ['running', 'fail', 'waits', 'empty'],
    TOGETHER,
    of(4, 'empty').map(() => LONG_SERIAL),
  ),
  'slots-4-identity': scene(['running', 'empty', 'pass', 'begun'], { people: OPERATOR, asking: ASK }),
  'slots-4-sign-in': scene(of(4, 'empty'), { people: NOBODY }),
  'slots-8-idle': scene(of(8, 'empty')),
  'slots-8-running': scene(MIXED),
  'slots-8-verdicts': scene(VERDICTS),
  'slots-8-refused': scene(MIXED, REFUSAL),
  'slots-8-unready': broken(scene([...of(7, 'empty'), 'pass']), 2),
  'slots-16-idle': scene(of(16, 'empty')),
  'slots-16-running': scene([...MIXED, ...of(4, 'running'), ...MIXED.slice(0, 4)]),
  'slots-16-verdicts': scene([...VERDICTS, ...of(5, 'pass'), ...VERDICTS.slice(1, 4)]),
  'slots-16-waiting': scene([...of(11, 'waits'), ...of(5, 'empty')], TOGETHER),
  'slots-16-long': scene(
    [...MIXED, ...VERDICTS],
    {},
    of(16, 'empty').map(() => LONG_SERIAL),
  ),
  'slots-meanwhile': { ...scene(MIXED), path: '/history' },
};
