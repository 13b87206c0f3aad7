/** People, sign-in and the identity step: every state by name, for states.ts. */
import type { Page } from '@playwright/test';
import type { AskView, ListedPerson, PeopleView } from '#engine/link/people-link.ts';
import type { StationView } from '#engine/link/station-link.ts';
import { EVENTS, headerOf, LONG_SERIAL, PLAN, READY, RECENT, row } from './samples.ts';
import type { Scene } from './scene.ts';

const person = (name: string, role: ListedPerson['role'], more: Partial<ListedPerson> = {}): ListedPerson => ({
  id: name,
  name,
  email: '',
  role,
  hasBadge: true,
  hasPin: true,
  isFromFleet: false,
  ...more,
});
const LISTED: readonly ListedPerson[] = [
  person('Ana Ruiz', 'operator', { email: 'ana@example.com', hasPin: false }),
  person('Ben Okafor', 'technician'),
  person('Mei Chen', 'supervisor', { email: 'mei.chen@example.com' }),
  person('Zoe Müller', 'supervisor', { email: 'zoe@example.com', hasPin: false, isFromFleet: true }),
];
const SIGN_IN: PeopleView['signIn'] = {
  idleMin: 15,
  retestReason: false,
  retestBy: 'technician',
  failSeenBy: 'nobody',
};
const SUPERVISOR = 'A supervisor can do this.';
const TECHNICIAN = 'A technician or a supervisor can do this.';
const BARRED = { procedure: TECHNICIAN, simulated: TECHNICIAN, uploads: TECHNICIAN, export: TECHNICIAN };
export const NOBODY: PeopleView = {
  listed: LISTED,
  signedIn: null,
  isRequired: true,
  barred: {
    start: 'An operator, a technician or a supervisor can do this.',
    ...BARRED,
    release: SUPERVISOR,
    enrol: SUPERVISOR,
    people: SUPERVISOR,
  },
  hasStationPin: false,
  signIn: SIGN_IN,
};
export const OPERATOR: PeopleView = {
  ...NOBODY,
  signedIn: { id: 'Ana Ruiz', name: 'Ana Ruiz', role: 'operator' },
  barred: { ...BARRED, release: SUPERVISOR, enrol: SUPERVISOR, people: SUPERVISOR },
};
const SUPERVISING: PeopleView = {
  ...NOBODY,
  signedIn: { id: 'Mei Chen', name: 'Mei Chen', role: 'supervisor' },
  barred: {},
};

export const ASK: AskView = {
  serial: 'SN-000124',
  key: 'sub_units.display',
  label: 'Display',
  kind: 'sub-unit',
  description: 'On its back, under the flap.',
  placeholder: 'D-00001',
  isOptional: false,
  index: 2,
  count: 3,
  known: [{ label: 'Main board', value: 'MB-0077' }],
  trouble: null,
};
const REFUSED: AskView = {
  ...ASK,
  trouble: {
    code: 'answer-pattern',
    message: '“X-7” does not fit this procedure.',
    remedy: 'Scan the label of “Display” again, such as D-00001.',
  },
};
const asking = (change: Partial<AskView>, people = OPERATOR): StationView => ({
  ...READY,
  people,
  asking: { ...ASK, ...change },
});
const RUN = (state: string) => [
  { kind: 'run-started', header: headerOf('SN-000124', PLAN) } as const,
  ...(EVENTS[state] ?? []),
];

const SEEN_BY_SUPERVISOR = { ...SIGN_IN, failSeenBy: 'supervisor' } as const;
const FAILED = [{ id: headerOf('SN-000124').id, serial: 'SN-000124' }];

const openSheet = async (page: Page) => {
  await page.getByTestId('person').click();
  await page.getByTestId('sign-in').waitFor();
};

export const PEOPLE_SCENES: Readonly<Record<string, Scene>> = {
  'signed-in': {
    path: '/',
    view: { ...READY, people: OPERATOR },
    events: RUN('fail'),
    onStart: { taken: 'person', change: { people: SUPERVISING } },
  },
  'fail-unseen': { path: '/', view: { ...READY, failed: FAILED }, events: RUN('fail') },
  'fail-unseen-role': {
    path: '/',
    view: {
      ...READY,
      people: { ...OPERATOR, signIn: SEEN_BY_SUPERVISOR },
      failed: [...FAILED, { id: 'other', serial: 'SN-000123' }],
      refusal: {
        code: 'fail-unseen',
        message: 'SN-000124, SN-000123 did not pass, and nobody has acknowledged that.',
        remedy: 'Set it aside and acknowledge it. Then scan again.',
      },
    },
  },
  'sign-in-needed': { path: '/', view: { ...READY, people: NOBODY } },
  'scan-refused': {
    path: '/',
    view: READY,
    onStart: {
      taken: 'unit',
      change: { refusal: { code: 'serial-pattern', message: 'The serial number “SN 1” …', remedy: 'Scan again.' } },
    },
  },
  'sign-in-refused': {
    path: '/',
    view: {
      ...READY,
      people: NOBODY,
      refusal: {
        code: 'sign-in-needed',
        message: 'Nobody is signed in.',
        remedy: 'Scan your badge, or sign in with your PIN. Then scan the unit again.',
      },
    },
  },
  'sign-in-names': { path: '/', view: { ...READY, people: { ...OPERATOR, hasStationPin: true } }, act: openSheet },
  'sign-in-pin': {
    path: '/',
    view: { ...READY, people: NOBODY },
    refusesPin: {
      code: 'pin-wrong',
      message: 'This is not the PIN of Mei Chen.',
      remedy: 'Wait 5 s before the next try.',
    },
    act: async (page) => {
      await openSheet(page);
      await page.getByRole('button', { name: 'Mei Chen' }).click();
      for (const digit of '1234') await page.getByRole('button', { name: digit, exact: true }).click();
      await page.getByRole('button', { name: 'Sign in', exact: true }).last().click();
      await page.locator('[data-testid=sign-in-problem][data-code]').waitFor();
      await page.getByRole('button', { name: '7', exact: true }).click();
    },
  },
  'identity-step': { path: '/', view: asking({}), onStart: { taken: 'asked', change: { asking: REFUSED } } },
  'identity-wrong': { path: '/', view: { ...READY, people: OPERATOR, asking: REFUSED } },
  'identity-optional': {
    path: '/',
    view: asking({
      key: 'metadata.shift',
      label: 'shift',
      kind: 'text',
      description: '',
      placeholder: 'early',
      isOptional: true,
      index: 3,
      known: [...ASK.known, { label: 'Display', value: 'D-00001' }],
    }),
  },
  'identity-long': {
    path: '/',
    view: asking({
      serial: LONG_SERIAL,
      label: 'Controller board of the second power stage, left side',
      description:
        'It is printed beside the connector that faces the door, in small white letters, and is easily read with the scanner held flat.',
      index: 7,
      count: 9,
      known: Array.from({ length: 6 }, (_, n) => ({ label: `Board ${n + 1}`, value: `MB-00${n}` })),
    }),
  },
  'identity-approval': {
    path: '/',
    view: asking({
      key: 'allowed_by',
      label: 'Tested today already',
      kind: 'approval',
      description: '',
      placeholder: '',
      index: 1,
      count: 1,
      known: [],
    }),
  },
  'identity-reason': {
    path: '/',
    view: asking({
      key: 'retest_reason',
      label: 'Why is it tested again?',
      kind: 'text',
      description: '',
      placeholder: '',
      index: 1,
      count: 1,
      known: [],
    }),
  },
  'people-none': { path: '/settings', view: READY },
  people: { path: '/settings', view: { ...READY, people: SUPERVISING } },
  'people-form': {
    path: '/settings',
    view: { ...READY, people: SUPERVISING },
    refusesPerson: {
      code: 'person-refused',
      message: 'This badge is Ben Okafor’s.',
      remedy: 'Change it and save again.',
    },
    act: async (page) => {
      await page.getByRole('button', { name: 'Change Mei Chen' }).click();
      await page.getByLabel('Badge', { exact: true }).fill('EMP-00042');
      await page.getByRole('button', { name: 'Save' }).click();
      await page.getByTestId('person-problem').waitFor();
    },
  },
  'people-last-supervisor': {
    path: '/settings',
    view: { ...READY, people: { ...SUPERVISING, listed: LISTED.slice(0, 3) } },
    act: (page) => page.getByRole('button', { name: 'Remove Mei Chen' }).click(),
  },
  'settings-barred': { path: '/settings', view: { ...READY, people: OPERATOR } },
  'queue-barred': {
    path: '/queue',
    view: { ...READY, people: OPERATOR, queue: { waiting: 0, parked: 2, uploadedToday: 7, hold: null } },
    queue: [
      row(3, { state: 'PARKED', upload_reason: 'TofuPilot has no procedure with this id.' }),
      row(4, { state: 'PARKED', upload_reason: 'This serial number is not known.' }),
    ],
  },
  'fleet-barred': {
    path: '/fleet',
    view: {
      ...READY,
      people: OPERATOR,
      procedures: [...READY.procedures, { ...READY.procedures[0]!, folder: 'sensor', id: 'b', name: 'Sensor head' }],
    },
  },
  'history-barred': { path: '/history', view: { ...READY, people: OPERATOR }, history: RECENT },
};
