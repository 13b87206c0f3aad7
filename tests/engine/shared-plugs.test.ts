/** Rules 21 and 22: who waits for whom, and who switches off. */
import { describe, expect, test } from 'vitest';
import { Leases } from '#engine/leases.ts';
import { SharedPlugs } from '#engine/shared-plugs.ts';

const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('rule 21: leases', () => {
  test('who no longer waits holds nothing, and stands in nobody’s way', async () => {
    const leases = new Leases();
    const first = await leases.take(['b']);
    const stop = new AbortController();
    const waiting = leases.take(['a', 'b', 'c'], { signal: stop.signal });
    await settled();
    stop.abort(new Error('stopped'));
    await expect(waiting).rejects.toThrow('stopped');
    (await leases.take(['a']))();
    first();
    (await leases.take(['a', 'b', 'c']))();
    await expect(leases.take(['a'], { signal: stop.signal })).rejects.toThrow('stopped');
  });

  test('what switches off goes before what tests, and not before what switches off already waits', async () => {
    const leases = new Leases();
    const order: string[] = [];
    const first = await leases.take(['psu']);
    const use = async (name: string, isUrgent: boolean) => {
      const giveBack = await leases.take(['psu'], { isUrgent });
      order.push(name);
      giveBack();
    };
    const all = [use('test 1', false), use('off 1', true), use('test 2', false), use('off 2', true)];
    await settled();
    first();
    await Promise.all(all);
    expect(order).toEqual(['off 1', 'off 2', 'test 1', 'test 2']);
  });

  test('given back twice is given back once', async () => {
    const leases = new Leases();
    const first = await leases.take(['a']);
    const second = leases.take(['a']);
    first();
    first();
    await second;
    let isTaken = false;
    void leases.take(['a']).then(() => (isTaken = true));
    await settled();
    expect(isTaken).toBe(false);
  });
});

describe('rule 22: the last one out switches off', () => {
  const shared = new Set(['dmm', 'psu']);
  const keptBy = () => {
    const kept: string[][] = [];
    return { kept, makeSafe: async (keep: ReadonlySet<string>) => void kept.push([...keep]) };
  };

  test('not before, and then once', async () => {
    const plugs = new SharedPlugs();
    const { kept, makeSafe } = keptBy();
    const [one, two] = [await plugs.enter(shared), await plugs.enter(new Set(['psu']))];
    expect([[...one.inUse], [...two.inUse]]).toEqual([['psu'], ['psu']]);
    await one.leave(makeSafe);
    expect([...two.inUse]).toEqual([]);
    await two.leave(makeSafe);
    expect(kept).toEqual([['psu'], []]);
  });

  test('nobody begins while it is being switched off, also when that fails', async () => {
    const plugs = new SharedPlugs();
    const use = await plugs.enter(shared);
    let isOff = (): void => undefined;
    const leaving = use.leave(() => new Promise<void>((_, reject) => (isOff = () => reject(new Error('no answer')))));
    let hasEntered = false;
    const entering = plugs.enter(new Set(['psu'])).then(() => (hasEntered = true));
    const other = await plugs.enter(new Set(['load']));
    expect([...other.inUse]).toEqual([]);
    await settled();
    expect(hasEntered).toBe(false);
    isOff();
    await expect(leaving).rejects.toThrow('no answer');
    await entering;
  });

  test('who is left with what another has left on is told so', async () => {
    const plugs = new SharedPlugs();
    const { makeSafe } = keptBy();
    const [one, two, three] = [
      await plugs.enter(new Set(['psu'])),
      await plugs.enter(new Set(['psu'])),
      await plugs.enter(new Set(['dmm'])),
    ];
    await one.leave(makeSafe);
    expect([one.inherits, two.inherits, three.inherits]).toEqual([false, true, false]);
  });

  test('own plugs of two slots are two plugs, a shared one is one', async () => {
    const use = await new SharedPlugs().enter(new Set(['psu']));
    const [left, right] = [use.placeIn('left'), use.placeIn('right')];
    expect([left.nameOf('fixture'), right.nameOf('fixture')]).toEqual(['left/fixture', 'right/fixture']);
    expect([left.nameOf('psu'), right.nameOf('psu')]).toEqual(['psu', 'psu']);
    expect(left.leases).toBe(right.leases);
  });
});
