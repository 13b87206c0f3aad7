/** Signed releases on Procedures: some kept, one held by hand, one pinned, some refused, one whose key was revoked. */
import type { ProcedureReleases, RefusedRelease } from '#engine/link/release-link.ts';
import { PROCEDURE, READY } from './samples.ts';
import { OPERATOR } from './people-states.ts';
import type { Scene } from './scene.ts';

const hashOf = (digits: string) => `sha256:${digits.repeat(8)}`;
const at = (day: number, hour: number) => new Date(2026, 10, day, hour, 12, 5).toISOString();
const kept = (release: string, version: string, arrivedAt: string, barred: string | null = null) => ({
  release,
  version,
  signedBy: 'Release engineering 2026',
  arrivedAt,
  barred,
});
const [NOW, BEFORE, OLD] = [PROCEDURE.release, hashOf('77aa01c2'), hashOf('0badcafe')];
export const RELEASES: ProcedureReleases = {
  folder: 'power-board',
  inUse: NOW,
  since: at(19, 9),
  held: null,
  wanted: { release: NOW, version: '3.2.0', pin: null },
  kept: [kept(NOW, '3.2.0', at(19, 9)), kept(BEFORE, '3.1.0', at(3, 14)), kept(OLD, '3.0.2', at(1, 7))],
};
const HELD: ProcedureReleases = {
  ...RELEASES,
  inUse: BEFORE,
  since: at(20, 6),
  held: { by: 'Mei Chen', at: at(20, 6) },
};
const REFUSED: readonly RefusedRelease[] = [
  {
    what: 'power-board',
    code: 'release-damaged',
    message: 'Power board 3.3.0: procedure.yaml arrived with other content than was signed.',
    remedy: 'Publish it again; if this stays, look at the disk and the network behind the server.',
  },
  {
    what: 'the index of releases',
    code: 'release-older',
    message: 'The server’s index of releases is number 12; this station has seen number 17.',
    remedy: 'Find out who put back old files. To go back on purpose, use fieldbench rollback: it counts on.',
  },
];
const view = (releases: ProcedureReleases, refused: readonly RefusedRelease[] = []) => ({
  ...READY,
  releases: { procedures: [releases], refused },
});

export const RELEASE_SCENES: Readonly<Record<string, Scene>> = {
  'fleet-releases': {
    path: '/fleet',
    view: {
      ...view(RELEASES),
      procedures: [
        PROCEDURE,
        { ...PROCEDURE, folder: 'sensor', id: 'b', name: 'Sensor head', version: '1.0.4', development: true },
      ],
    },
  },
  'fleet-release-held': {
    path: '/fleet',
    view: {
      ...view(HELD),
      procedures: [{ ...PROCEDURE, release: BEFORE, version: '3.1.0' }],
      procedure: { ...PROCEDURE, release: BEFORE, version: '3.1.0' },
      notices: [
        {
          code: 'release-held',
          tone: 'info',
          message: 'Power board 3.1.0 is held here by Mei Chen; the fleet wants 3.2.0.',
          remedy: 'Under Procedures a supervisor can let it follow the fleet again.',
        },
      ],
    },
  },
  'fleet-release-pinned': {
    path: '/fleet',
    view: view({ ...RELEASES, wanted: { release: NOW, version: '3.2.0', pin: 'lot 77 was qualified with it' } }),
  },
  'fleet-release-refused': { path: '/fleet', view: view(RELEASES, REFUSED) },
  'fleet-release-nothing': {
    path: '/fleet',
    view: { ...READY, procedures: [], procedure: null, releases: { procedures: [], refused: REFUSED } },
  },
  'fleet-release-barred': { path: '/fleet', view: { ...view(RELEASES), people: OPERATOR } },
  'fleet-release-problem': {
    path: '/fleet',
    view: view({
      ...RELEASES,
      kept: [
        ...RELEASES.kept.slice(0, 2),
        kept(OLD, '3.0.2', at(1, 7), 'The key “Release engineering 2025” is revoked.'),
      ],
    }),
    refusesRelease: {
      code: 'release-not-kept',
      message: 'This release is not whole on this machine any more.',
      remedy: 'Use another one.',
    },
    act: async (page) => {
      await page.getByRole('button', { name: /Use this release.*3\.1\.0/ }).click();
      await page.locator('[data-testid=release-problem][data-code]').waitFor();
    },
  },
};
