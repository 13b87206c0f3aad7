/**
 * Questions to the operator: every kind of component, alone and together, as the station would show them.
 *
 * The gallery shows one by `?state=`; prompt.test.ts answers them.
 */
import type { Page } from '@playwright/test';
import type { PromptView } from '#engine/link/prompt-link.ts';
import type { StationView } from '#engine/link/station-link.ts';
import type { RunEvent } from '#record/run-event.ts';
import type { Component } from '#procedure/screen.ts';
import { OPERATOR } from './people-states.ts';
import { EVENTS, headerOf, PLAN, READY } from './samples.ts';
import type { Scene } from './scene.ts';

const LED = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 400"><rect width="640" height="400" rx="14" fill="#0c5c3a"/><g fill="#d9b45a"><circle cx="34" cy="34" r="14"/><circle cx="606" cy="34" r="14"/><circle cx="34" cy="366" r="14"/><circle cx="606" cy="366" r="14"/></g><rect x="90" y="90" width="220" height="220" rx="8" fill="#1b1f24"/><g stroke="#d9b45a" stroke-width="6" fill="none"><path d="M310 140h120M310 200h150M310 260h90"/></g><circle cx="500" cy="130" r="62" fill="#3ddc7c" opacity=".28"/><rect x="474" y="104" width="52" height="52" rx="8" fill="#e9fff2"/><circle cx="500" cy="130" r="20" fill="#22c55e"/><circle cx="500" cy="130" r="84" fill="none" stroke="#fff" stroke-width="6" stroke-dasharray="14 10"/></svg>`;
const MANUAL =
  '# Take it out\n\nLift the **lever**, then:\n\n1. Pull the board to the *left*\n2. Read `REV` on its back\n\n---\n\n- never by its heat sink\n- gloves on';

/** What `screenFile` answers; anything else is not on this station. */
export function screenFile(path: string): Uint8Array | null {
  const text = path.endsWith('.svg') ? LED : path.endsWith('.md') ? MANUAL : path.endsWith('.pdf') ? '%PDF-1.4' : null;
  return text === null ? null : new TextEncoder().encode(text);
}

const part = (kind: Component['kind'], key: string, more: Partial<Component> = {}): Component => ({
  kind,
  key,
  required: false,
  trim: true,
  ...more,
});
const options = (...values: string[]) => values.map((value) => ({ value, label: value }));

const RUN = headerOf('SN-000124').id;
const OPEN: readonly RunEvent[] = [
  { kind: 'run-started', header: headerOf('SN-000124', PLAN) },
  ...(EVENTS['running'] ?? []),
  { kind: 'phase-ended', at_ms: 2300, phase: 'load_sweep', outcome: 'PASS' },
  { kind: 'phase-started', at_ms: 2300, key: 'led', name: 'Look at the LED', section: 'main', attempt: 0 },
];

export function asking(components: readonly Component[], more: Partial<PromptView> = {}): StationView {
  const prompt = { run: RUN, id: 1, phase: 'led', name: 'Look at the LED', attempt: 0, waits: true, values: {} };
  return { ...READY, running: true, prompts: [{ ...prompt, components, ...more }] };
}

const scene = (components: readonly Component[], more: Partial<PromptView> = {}, rest: Partial<Scene> = {}): Scene => ({
  path: '/',
  view: asking(components, more),
  events: OPEN,
  ...rest,
});

const PICTURE = part('image', 'image', { source: 'images/led.svg', label: 'The LED beside the connector' });
const VERDICT = part('verdict', 'led', { label: { en: 'Is the LED green?', de: 'Leuchtet die LED grün?' } });
/** A picture and a decision about it, in whichever run. */
export const LOOK: Omit<PromptView, 'run' | 'id'> = {
  phase: 'led',
  name: 'Look at the LED',
  attempt: 0,
  waits: true,
  values: {},
  components: [PICTURE, VERDICT],
};
const NOTE = part('text_input', 'note', {
  label: 'Serial number of the display',
  description: 'On the sticker under the cable',
  placeholder: 'DSP-00000',
  required: true,
  pattern: '^DSP-[0-9]{5}$',
});
const VOLTS = part('number_input', 'volts', {
  label: 'Reading of the voltmeter',
  required: true,
  min: 0,
  max: 24,
  suffix: 'V',
});
const REMARK = part('textarea', 'remark', { label: 'Remarks', rows: 3, placeholder: 'What you have seen' });
const COLOUR = part('radio', 'colour', {
  label: 'Colour of the housing',
  required: true,
  options: options('Red', 'Green', 'Grey'),
});
const PICTURED = part('radio', 'side', {
  label: 'Which one is it?',
  options: ['Left', 'Right', 'None'].map((value) => ({ value, label: value, image: 'images/led.svg' })),
});
const DONE = part('checklist', 'done', {
  label: 'Before you go on',
  required: true,
  options: options('Four screws are tight', 'The lid is closed', 'The cable is plugged in'),
});
const TYPE = part('select', 'type', { label: 'Type of the housing', options: options('Type A', 'Type B') });
const MARKS = part('multiselect', 'marks', { label: 'Scratches', options: options('Left', 'Right', 'Top') });
const LAMP = part('switch', 'lamp', { label: 'The lamp is on', description: 'Behind the grille' });
const BRIGHT = part('slider', 'bright', {
  label: 'Brightness',
  min: 0,
  max: 100,
  step: 5,
  defaultValue: 50,
  suffix: '%',
});
const PHOTO = part('camera', 'photo', { label: 'Photograph of the label', required: true });
const NAME = part('signature', 'name', { label: 'Released by', required: true });

const MEASURED = (EVENTS['running'] ?? []).filter(({ kind }) => kind === 'measurement');
const TAKEN: readonly RunEvent[] = MEASURED.slice(0, 1).flatMap((event) =>
  event.kind === 'measurement'
    ? Array.from({ length: 40 }, (_, index): RunEvent => ({
        ...event,
        phase: 'led',
        at_ms: 2300 + index,
        measurement: { ...event.measurement, measured_value: 3.3 + Math.sin(index / 4) * 0.07 },
      }))
    : [],
);

async function press(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name }).click();
}

export const PROMPT_SCENES: Readonly<Record<string, Scene>> = {
  prompt: scene([PICTURE, VERDICT]),
  'prompt-time': scene([PICTURE, VERDICT], { leftMs: 9500, attempt: 1 }),
  'prompt-confirm': scene([PICTURE], { message: { en: 'Close the lid until it clicks', de: 'Deckel schließen' } }),
  'prompt-typed': scene([NOTE, VOLTS, REMARK]),
  'prompt-wrong': scene([NOTE, VOLTS, COLOUR, VERDICT], {}, { act: (page) => press(page, 'Confirm') }),
  'prompt-refused': scene(
    [VOLTS],
    {},
    {
      complaints: [{ key: null, message: 'This question is over.' }],
      act: async (page) => {
        await page.getByLabel('Reading of the voltmeter').fill('12,1');
        await press(page, 'Confirm');
      },
    },
  ),
  'prompt-choices': scene([COLOUR, MARKS, TYPE]),
  'prompt-one-choice': scene([COLOUR], {}, { act: (page) => page.getByText('Green').click() }),
  'prompt-pictures': scene([PICTURED], {}, { act: (page) => page.getByText('Right').click() }),
  'prompt-checklist': scene([DONE], {}, { act: (page) => page.getByText('The lid is closed').click() }),
  'prompt-switches': scene([LAMP, BRIGHT, VERDICT]),
  'prompt-camera': { ...scene([PHOTO]), isMoving: true },
  'prompt-signature': scene([NAME], {}, { act: (page) => page.getByLabel('Sign above').fill('Mei Chen') }),
  'prompt-words': scene(
    [
      part('markdown', 'how', { source: 'how.md', width: '60%' }),
      part('table', 'limits', {
        label: 'Torque',
        header: ['Screw', { en: 'Torque', de: 'Drehmoment' }],
        cells: [
          ['M3', '0.8 Nm'],
          ['M4', '1.5 Nm'],
        ],
        width: '40%',
      }),
    ],
    { message: 'Fasten the lid' },
  ),
  'prompt-documents': scene([
    part('pdf', 'manual', { source: 'manual.pdf', page: 3, label: 'Manual', defaultValue: 'images/led.svg' }),
    part('video', 'film', { source: 'film.webm', label: 'How it is done' }),
  ]),
  'prompt-live': scene(
    [
      part('text', 'said', { label: 'Rail', size: '4xl', color: 'sky', bind: { to: 'measurement', key: 'rail_3v3' } }),
      part('live_chart', 'chart', { series: ['rail_3v3'], label: 'Rail 3V3' }),
      part('progress', 'done', { label: 'Written' }),
    ],
    { waits: false, values: { done: 40 } },
    { events: [...OPEN, ...TAKEN] },
  ),
  'prompt-countdown': scene([part('countdown', 'cool', { durationMs: 75_000, label: 'Let it cool down' })], {
    waits: false,
  }),
  'prompt-colours': scene(
    (
      [
        'default',
        'zinc',
        'red',
        'orange',
        'yellow',
        'green',
        'lime',
        'sky',
        'blue',
        'violet',
        'purple',
        'pink',
      ] as const
    ).map((color, index) =>
      part('text', `t${index}`, {
        label: `Turn the knob, ${color}`,
        color,
        size: (['sm', 'base', 'lg', 'xl'] as const)[index % 4]!,
        width: '50%',
        ...(index % 3 === 0 ? { font: 'monospace' as const } : {}),
      }),
    ),
    { waits: false },
  ),
  'prompt-full': scene([PICTURE, NOTE, VOLTS, COLOUR, DONE, LAMP, BRIGHT, TYPE, REMARK, VERDICT], {
    message:
      'Check the whole front of the unit: the display, the keys, the lamp, and every mark that is not there on the sample',
  }),
  'prompt-missing': scene([part('image', 'image', { source: 'images/gone.png', label: 'Gone' }), VERDICT]),
  /** Somebody is about to sign in while a question is open. */
  'prompt-sign-in': { ...scene([VERDICT]), view: { ...asking([VERDICT]), people: OPERATOR } },
  'prompt-elsewhere': { ...scene([VERDICT]), path: '/history' },
};
