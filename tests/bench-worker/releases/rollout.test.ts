/** A rollout at a station: its ring, the way back, and halts that hold over reloads and without a network. */
import { writeFile } from 'node:fs/promises';
import { stringify } from 'yaml';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { RolloutWatch } from '../../../src/bench-worker/rollout-watch.ts';
import type { RunOutcome } from '#record/run-record.ts';
import { NAME, ReleaseStage, STATION } from './release-stage.ts';

let stage: ReleaseStage;
beforeEach(async () => {
  stage = new ReleaseStage();
  await stage.store.set('station', STATION);
  await stage.key('key');
  await stage.publish('1.0.0');
  await stage.look();
  const bundle = await stage.bundle('1.1.0');
  await stage.done('publish', bundle, '--to', stage.fleet, '--key', stage.path('key'), '--staged');
});
afterEach(() => stage.close());

const signed = (...words: string[]) => stage.done('rollout', ...words, '--key', stage.path('key'));
const start = async (stations: string[]) => {
  const plan = { procedure: NAME, release: '1.1.0', rings: [{ name: 'pilot', stations }, { name: 'all' }] };
  await writeFile(stage.path('plan.yaml'), stringify(plan));
  await signed('start', stage.fleet, '--plan', stage.path('plan.yaml'));
};
const step = (action: string, ...more: string[]) => signed(action, stage.fleet, '--procedure', NAME, ...more);
const attempt = () => stage.index.signed.procedures[0]!.rollout!.attempt;
const halt = (of = attempt()) => stage.releases.heed([{ procedure: NAME, attempt: of, reason: 'first-pass-yield' }]);

describe('19: whose turn it is', () => {
  test('a staged release is nobody’s; an open ring takes it, a closed one when it is opened, and the last step is all', async () => {
    await stage.look();
    expect(stage.inUse).toBe('1.0.0');
    await start(['elsewhere-*']);
    await stage.look();
    expect(stage.inUse).toBe('1.0.0');
    await step('advance');
    await stage.look();
    expect([stage.inUse, stage.shown.procedures[0]!.rollout?.ring]).toEqual(['1.1.0', 'all']);
    await step('advance');
    await stage.look();
    expect(stage.inUse).toBe('1.1.0');
    expect(stage.index.signed.procedures[0]).toMatchObject({ current: stage.hash('1.1.0') });
    expect(stage.index.signed.procedures[0]!.rollout).toBeUndefined();
  });

  test('without the fleet’s own release on its disk a station does not begin with a new one', async () => {
    await stage.publish('1.0.1');
    stage.troubles.set(stage.hash('1.0.1').slice('sha256:'.length), () => new Response('', { status: 404 }));
    await start([STATION]);
    await stage.look();
    expect(stage.inUse).toBe('1.0.0');
    stage.troubles.clear();
    await stage.restAMinute();
    await stage.look();
    expect(stage.inUse).toBe('1.1.0');
  });

  test('a rollback, or a release for all, ends it', async () => {
    await start([STATION]);
    await stage.look();
    await stage.publish('1.2.0');
    await stage.look();
    expect(stage.inUse).toBe('1.2.0');
    await stage.done('rollback', stage.fleet, '--procedure', NAME, '--to', '1.0.0', '--key', stage.path('key'));
    await stage.look();
    expect(stage.inUse).toBe('1.0.0');
  });
});

describe('21: a halt', () => {
  beforeEach(async () => {
    await start([STATION]);
    await stage.look();
    expect(stage.inUse).toBe('1.1.0');
  });

  test('brings back, says so, and holds over a reload without a network and a server that says nothing more', async () => {
    expect(await halt()).toBe(true);
    expect(stage.inUse).toBe('1.0.0');
    expect(stage.notice('rollout-halted')).toContain('fewer units pass');
    stage.isOffline = true;
    await stage.reload();
    expect(stage.inUse).toBe('1.0.0');
    stage.isOffline = false;
    expect(await stage.releases.heed([])).toBe(false);
    await stage.look();
    expect(stage.inUse).toBe('1.0.0');
  });

  test('of another attempt means nothing; one that is resumed goes on, and can be halted anew', async () => {
    await halt(attempt() - 1);
    expect(stage.inUse).toBe('1.1.0');
    await halt();
    await step('resume');
    await stage.look();
    expect([stage.inUse, stage.notice('rollout-halted')]).toEqual(['1.1.0', undefined]);
    await halt();
    expect(stage.inUse).toBe('1.0.0');
  });

  test('by a person is signed, and no ring is opened after it', async () => {
    await step('halt', '--reason', 'smoke');
    await stage.look();
    expect(stage.inUse).toBe('1.0.0');
    expect((await stage.say('rollout', 'advance', stage.fleet, '--procedure', NAME, '--key', stage.path('key'))).exit).toBe(1); // prettier-ignore
    expect(await stage.done('rollout', 'status', stage.fleet)).toContain('halted');
  });

  test('what names no known reason is none', async () => {
    await stage.releases.heed([{ procedure: NAME, attempt: attempt(), reason: 'because' as never }]);
    expect(stage.inUse).toBe('1.1.0');
  });
});

describe('22: what a station sees itself', () => {
  const told = (...outcomes: RunOutcome[]) => {
    const found: string[] = [];
    const watch = new RolloutWatch((release) => found.push(release));
    for (const outcome of outcomes)
      watch.hear({
        kind: 'run',
        slot: '1',
        events: [
          { kind: 'run-started', header: { procedure: { release: 'new' } } as never },
          { kind: 'run-ended', at_ms: 1, outcome, interrupted: false },
        ],
      });
    return found;
  };

  test('three errors in a row, and no two; a run that was stopped says nothing, one that was judged ends the row', () => {
    expect(told('ERROR', 'TIMEOUT')).toEqual([]);
    expect(told('ERROR', 'ABORTED', 'TIMEOUT', 'ERROR')).toEqual(['new']);
    expect(told('ERROR', 'ERROR', 'FAIL', 'ERROR', 'ERROR')).toEqual([]);
    expect(told('ERROR', 'ERROR', 'ERROR', 'ERROR')).toEqual(['new']);
  });

  test('brings it back from a release that is being rolled out, and from no other', async () => {
    await start([STATION]);
    await stage.look();
    expect(await stage.releases.haltHere(stage.hash('1.0.0'))).toBe(false);
    expect(await stage.releases.haltHere(stage.hash('1.1.0'))).toBe(true);
    expect(stage.inUse).toBe('1.0.0');
    expect(stage.notice('rollout-halted')).toContain('three runs');
  });
});
