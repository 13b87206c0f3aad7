import { describe, expect, test } from 'vitest';
import { Fault } from '#base/fault.ts';
import { ExportDesk, foundRuns, saidOf } from '#ui/history/export-desk.svelte.ts';
import type { StationPort } from '#ui/station-port.ts';

const FILE = { name: 'runs.csv', bytes: new Uint8Array([1]), runs: 2, hasMore: false, cleared: 0 };
const deskOf = (exportAs: () => Promise<typeof FILE>) => new ExportDesk({ exportAs } as unknown as StationPort['call']);

describe('export desk', () => {
  test('the file is saved, and said with its number of runs', async () => {
    const desk = deskOf(async () => FILE);
    const saved: string[] = [];
    await desk.export(
      'csv',
      async () => ({ id: 'a' }),
      async ({ name }) => saved.push(name) > 0,
    );
    expect(saved).toEqual(['runs.csv']);
    expect(desk.said).toEqual({ code: 'exported', tone: 'good', text: '2 runs in runs.csv.' });
    expect(saidOf({ ...FILE, hasMore: true }).text).toContain('These are the newest');
    expect(saidOf({ ...FILE, cleared: 1 }).text).toContain('Left out: 1 run no longer whole');
  });

  test('one at a time, and a failure is said with its remedy', async () => {
    let asked = 0;
    const desk = deskOf(async () => {
      asked += 1;
      throw new Fault('nothing', 'There is no run.', 'Test one.');
    });
    const save = async () => true;
    await Promise.all([
      desk.export('csv', async () => ({ id: 'a' }), save),
      desk.export('atml', async () => ({ id: 'a' }), save),
    ]);
    expect(asked).toBe(1);
    expect(desk.said).toEqual({ code: 'nothing', tone: 'error', text: 'There is no run. Test one.' });
    expect(desk.isBusy).toBe(false);
  });

  test('what was found is asked for when it is wanted, and says when there is more', async () => {
    const listOf = (ids: readonly string[] | null) => ({ total: 3, ids: async () => ids });
    expect(await foundRuns(listOf(['c', 'b']))).toEqual({ ids: ['c', 'b'], hasMore: true });
    expect(await foundRuns(listOf(['c', 'b', 'a']))).toEqual({ ids: ['c', 'b', 'a'], hasMore: false });
  });

  test('while runs are uploaded the list is asked again, and not for ever', async () => {
    const answers = [null, null, ['a']];
    expect(await foundRuns({ total: 1, ids: async () => answers.shift() ?? null }, async () => {})).toEqual({
      ids: ['a'],
      hasMore: false,
    });
    expect(answers).toEqual([]);
    const never = foundRuns({ total: 1, ids: async () => null }, async () => {});
    await expect(never).rejects.toMatchObject({ code: 'history-changed' });
  });
});
