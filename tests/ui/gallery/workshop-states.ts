/** The workshop: nothing open, a draft from before, a procedure that is right, one with mistakes, and a step that is held. */
import type { Page } from '@playwright/test';
import type { WorkshopDraft } from '#engine/link/workshop-link.ts';
import { starterProcedure, STARTER_BENCH } from '#procedure/starter.ts';
import type { EditingPort } from '#ui/station-port.ts';
import { checkFolder } from '../../../src/workshop-worker/check-folder.ts';
import { READY } from './samples.ts';
import type { Scene } from './scene.ts';

/** The real readers; nothing is compiled here. */
export async function openWorkshopOf(): Promise<EditingPort> {
  const call: EditingPort['call'] = {
    check: async (folder) =>
      (await checkFolder(folder, async (file) => ({ problem: { file, line: 1, column: 1, message: 'not here' } })))
        .said,
    drivers: async () => [{ driver: 'scpi', readings: [], settings: [] }],
    pack: () => Promise.reject(new Error('nothing is packed here')),
  };
  return { call };
}

const texts = (procedure: string) => [
  { path: 'procedure.yaml', text: procedure, saved: '' },
  { path: 'bench.yaml', text: STARTER_BENCH, saved: STARTER_BENCH },
  { path: 'phases/load-sweep-with-a-rather-long-name.ts', text: 'export default async () => {};\n', saved: '' },
];
const draft = (procedure: string): WorkshopDraft => ({
  savedAt: '2026-11-20T08:00:30.000Z',
  name: 'power-board',
  file: 'procedure.yaml',
  texts: texts(procedure),
  folder: null,
});
const takeUp = async (page: Page) => {
  await page.getByRole('button', { name: 'Go on writing' }).click();
  await page.locator('[data-testid=workshop-state][data-checking=false][data-loads]').waitFor();
};
const BROKEN = starterProcedure('Power board').replace('operator: range', 'operator: rnage').replace('query:', 'qery:');

export const WORKSHOP_SCENES: Readonly<Record<string, Scene>> = {
  'workshop-empty': { path: '/workshop', view: READY },
  'workshop-draft': { path: '/workshop', view: READY, draft: draft(starterProcedure('Power board')) },
  workshop: { path: '/workshop', view: READY, draft: draft(starterProcedure('Power board')), act: takeUp },
  'workshop-broken': { path: '/workshop', view: READY, draft: draft(BROKEN), act: takeUp },
  'workshop-barred': {
    path: '/workshop',
    view: { ...READY, people: { ...READY.people, barred: { workshop: 'A technician or a supervisor can do this.' } } },
  },
};
