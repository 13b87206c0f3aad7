/** Units that did not pass, until somebody has seen them: src/bench-worker/RULES.md, 22. On a real store. */
import { expect, test } from 'vitest';
import { type FailSeenBy, isAtLeast, type Role } from '#record/role.ts';
import type { RunOutcome } from '#record/run-record.ts';
import type { RunRow } from '#record/run-row.ts';
import { FailedUnits } from '../../src/bench-worker/failed-units.ts';
import { View } from '../../src/bench-worker/view.ts';
import { MemorySettings } from './people-stage.ts';

/** A disk with runs on it, the newest last. */
class Disk extends MemorySettings {
  rows: RunRow[] = [];
  reads = 0;

  async recent(limit: number): Promise<RunRow[]> {
    this.reads += 1;
    return this.rows.toReversed().slice(0, limit);
  }

  add(outcome: RunOutcome | null, more: Partial<RunRow> = {}): string {
    const seq = this.rows.length + 1;
    const row = { id: `run-${seq}`, seq, serial_number: `SN-${seq}`, outcome, ...more };
    this.rows.push(row as RunRow);
    return row.id;
  }

  end(id: string, outcome: RunOutcome): void {
    this.rows = this.rows.map((row) => (row.id === id ? { ...row, outcome } : row));
  }
}

function station(disk = new Disk(), by: FailSeenBy = 'operator', role: Role = 'operator') {
  const state = { by, role };
  const view = new View(() => {});
  const failed = new FailedUnits({
    store: disk,
    view,
    seenBy: () => state.by,
    mayBe: (lowest) => isAtLeast(state.role, lowest),
  });
  return { disk, state, view, failed, shown: () => (view.current.failed ?? []).map(({ serial }) => serial) };
}

test.each(['FAIL', 'ERROR', 'TIMEOUT'] as const)(
  '22: after %s no other unit is tested, and it says which',
  async (outcome) => {
    const { disk, failed, shown } = station();
    await failed.look();
    const id = disk.add(outcome);
    expect(await failed.look()).toMatchObject({ code: 'fail-unseen', message: expect.stringContaining('SN-1') });
    expect(shown()).toEqual(['SN-1']);
    await failed.acknowledge([id]);
    expect([await failed.look(), shown()]).toEqual([null, []]);
  },
);

test.each(['PASS', 'ABORTED', null] as const)('22: %s holds nobody up', async (outcome) => {
  const { disk, failed } = station();
  await failed.look();
  disk.add(outcome);
  expect(await failed.look()).toBeNull();
});

test('22: a new start finds what nobody has acknowledged, a run that a crash cut off among it', async () => {
  const { disk, failed } = station();
  await failed.look();
  const cut = disk.add(null);
  const seen = disk.add('FAIL');
  await failed.acknowledge([seen]);
  disk.end(cut, 'ERROR');
  const after = station(disk);
  await after.failed.look();
  expect(after.shown(), 'also an older one than what was seen').toEqual(['SN-1']);
});

test('22: only what was shown is acknowledged', async () => {
  const { disk, failed, shown } = station();
  await failed.look();
  const first = disk.add('FAIL');
  await failed.look();
  disk.add('ERROR');
  await failed.acknowledge([first]);
  expect(shown()).toEqual(['SN-2']);
});

test('22: where nobody is named nothing is read, and what was before is not asked for afterwards', async () => {
  const { disk, failed, state } = station(new Disk(), 'nobody');
  disk.add('FAIL');
  expect([await failed.look(), disk.reads]).toEqual([null, 0]);
  state.by = 'technician';
  expect([await failed.look(), await failed.look()], 'from now on').toEqual([null, null]);
  disk.add('FAIL');
  expect(await failed.look()).not.toBeNull();
  state.by = 'nobody';
  expect(await failed.look()).toBeNull();
  state.by = 'operator';
  expect(await failed.look(), 'anew').toBeNull();
});

test('22: a run that came here in a file is another station’s to acknowledge', async () => {
  const { disk, failed } = station();
  await failed.look();
  disk.add('FAIL', { carried_from: 'taipei-line1-002' });
  expect(await failed.look()).toBeNull();
});

test('22: a role that is too low acknowledges nothing, and is told who can', async () => {
  const { disk, failed, shown, state } = station(new Disk(), 'supervisor');
  await failed.look();
  const id = disk.add('FAIL');
  await failed.look();
  await expect(failed.acknowledge([id])).rejects.toMatchObject({
    code: 'not-allowed',
    remedy: 'A supervisor can do this.',
  });
  expect(await failed.seenBy((lowest) => isAtLeast('technician', lowest))).toBe(false);
  expect(shown()).toEqual(['SN-1']);
  expect(await failed.seenBy((lowest) => isAtLeast('supervisor', lowest))).toBe(true);
  expect(shown()).toEqual([]);
  expect(await failed.seenBy(() => true), 'nothing waits any more').toBe(false);
  state.role = 'supervisor';
  await failed.acknowledge([id]);
});

test('22: a press that comes after nobody is named any more keeps nothing for later', async () => {
  const { disk, failed, state } = station();
  await failed.look();
  const [old, last] = [disk.add('FAIL'), disk.add('FAIL')];
  state.by = 'nobody';
  await failed.look();
  await failed.acknowledge([last]);
  state.by = 'operator';
  expect([await failed.look(), await failed.look()], old).toEqual([null, null]);
});

test('22: the refusal goes with what it was about', async () => {
  const { disk, failed, view } = station();
  await failed.look();
  const id = disk.add('FAIL');
  view.refuse((await failed.look())!);
  await failed.acknowledge([id]);
  expect(view.current.refusal).toBeNull();
});

test('22: what is kept does not grow', async () => {
  const { disk, failed } = station();
  await failed.look();
  for (let n = 0; n < 200; n++) await failed.acknowledge([disk.add('FAIL')]);
  expect((disk.kept.get('failed-units') as { seen: string[] }).seen).toHaveLength(64);
});
