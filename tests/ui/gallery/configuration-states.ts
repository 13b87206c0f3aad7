/** The configuration on Settings: built-in only, a signed one of three tiers, one that is searched, a development one, a refused one. */
import type { ConfigurationValue, ConfigurationView } from '#engine/link/configuration-link.ts';
import { SETTINGS } from '#fleet/config/settings-table.ts';
import { READY } from './samples.ts';
import type { Scene } from './scene.ts';

const hashOf = (digits: string) => `sha256:${digits.repeat(8)}`;
const at = (day: number, hour: number) => new Date(2026, 10, day, hour, 12, 5).toISOString();
const NOW = hashOf('5a1e07c4');
const BUILT_IN: readonly ConfigurationValue[] = SETTINGS.filter(({ byServer }) => byServer !== 'alone').map((one) => ({
  key: one.key,
  value: one.builtIn === null ? '' : String(one.builtIn),
  tier: 'built-in',
  from: '',
  meaning: one.meaning,
  range: one.range,
  since: '',
  locked: '',
  instead: '',
}));
const stated = (key: string, change: Partial<ConfigurationValue>): ConfigurationValue => ({
  ...(BUILT_IN.find((one) => one.key === key) ?? {
    ...BUILT_IN[0]!,
    key,
    range: '',
    value: '',
    meaning: 'A parameter of this procedure, instead of its default.',
  }),
  ...change,
});

export const NO_CONFIGURATION: ConfigurationView = {
  source: 'built-in',
  hash: '',
  number: 0,
  madeAt: '',
  since: '',
  signedBy: '',
  product: '',
  values: BUILT_IN,
  changes: [],
};
const STATED = [
  stated('sign_in.idle_min', { value: '5', tier: 'line', from: 'config/lines/taipei-line1.yaml:4', since: at(19, 9) }),
  stated('sign_in.retest_by', {
    value: 'supervisor',
    tier: 'fleet',
    from: 'fleet.yaml:6',
    since: at(3, 14),
    locked: 'fleet.yaml:2',
  }),
  stated('sign_in.retest_reason', { value: 'true', tier: 'here', instead: 'false' }),
  stated('clock.warn_offset_s', { value: '20', tier: 'site', from: 'config/sites/taipei.yaml:3', since: at(3, 14) }),
  stated('parameters.power-board.rail_3v3', {
    value: '3.25 … 3.35',
    tier: 'product',
    from: 'config/products/PWR-A.yaml:7',
    since: at(19, 9),
  }),
  stated('operators.Mei Chen', {
    value: 'supervisor',
    tier: 'fleet',
    from: 'fleet.yaml:9',
    meaning: 'Who may work here, each with role and the hash of a badge.',
  }),
];
const SIGNED: ConfigurationView = {
  source: 'signed',
  hash: NOW,
  number: 12,
  madeAt: at(19, 8),
  since: at(19, 9),
  signedBy: 'Release engineering 2026',
  product: 'PWR-A',
  values: [...STATED, ...BUILT_IN.filter(({ key }) => !STATED.some((one) => one.key === key))],
  changes: [
    {
      at: at(19, 9),
      key: 'parameters.power-board.rail_3v3',
      before: '',
      after: '3.25 … 3.35',
      tier: 'product',
      hash: NOW,
    },
    { at: at(19, 9), key: 'sign_in.idle_min', before: '15', after: '5', tier: 'line', hash: NOW },
    {
      at: at(3, 14),
      key: 'sign_in.retest_by',
      before: '',
      after: 'supervisor',
      tier: 'fleet',
      hash: hashOf('0badcafe'),
    },
    { at: at(3, 14), key: 'clock.warn_offset_s', before: '', after: '20', tier: 'site', hash: hashOf('0badcafe') },
  ],
};
const summary = {
  hash: NOW,
  locked: ['sign_in.retest_by', 'simulated', 'screen.theme'],
  screen: { theme: 'system', sound: true, backAfterMin: 10 },
  refused: null,
} as const;
const toCard = (page: Parameters<NonNullable<Scene['act']>>[0]) =>
  page.getByTestId('configuration').evaluate((card) => card.scrollIntoView({ block: 'start' }));

export const CONFIGURATION_SCENES: Readonly<Record<string, Scene>> = {
  'configuration-built-in': { path: '/settings', view: READY, act: toCard },
  'configuration-signed': {
    path: '/settings',
    view: { ...READY, configuration: summary },
    configuration: SIGNED,
    act: toCard,
  },
  'configuration-found': {
    path: '/settings',
    view: { ...READY, configuration: summary },
    configuration: SIGNED,
    act: async (page) => {
      await page.getByTestId('configuration-find').fill('line1');
      await toCard(page);
    },
  },
  'configuration-refused': {
    path: '/settings',
    view: {
      ...READY,
      configuration: {
        ...summary,
        refused: {
          what: 'the configuration of this station',
          code: 'config-older',
          message: 'It is number 11; this station has had number 12.',
          remedy: 'Find out who put back old files. To go back on purpose, publish the older settings: they count on.',
        },
      },
    },
    configuration: { ...SIGNED, source: 'unsigned', number: 0, signedBy: '', product: '' },
    act: toCard,
  },
};
