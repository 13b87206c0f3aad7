/** What a scan is taken for: src/bench-worker/RULES.md, 4 and 8 to 10. */
import { describe, expect, test } from 'vitest';
import type { PersonWish, ScanTaken } from '#engine/link/people-link.ts';
import type { Word } from '#engine/link/station-link.ts';
import type { FleetSettings } from '#fleet/distribution/manifest.ts';
import type { FailSeenBy } from '#record/role.ts';
import { FrontDesk, type RunFacts } from '../../src/bench-worker/front-desk.ts';
import { IdentityDesk } from '../../src/bench-worker/identity-desk.ts';
import { GOOD_MAIN, HEAD, load } from '../procedure/read-text.ts';
import { ANA, BEN, MEI, peopleStage } from './people-stage.ts';

const PLAIN = `${HEAD}unit: { serial_number: { pattern: '^SN-[0-9]+$' } }\n${GOOD_MAIN}`;
const PARTS = `${HEAD}unit:
  serial_number: { pattern: '^SN-[0-9]+$' }
  sub_units:
    - { label: Display, serial_number: { pattern: '^D-[0-9]+$', placeholder: D-1 } }
    - { label: Main board, key: mb }
  metadata: { shift: {} }
${GOOD_MAIN}`;

interface Stage {
  readonly text?: string;
  readonly people?: readonly PersonWish[];
  readonly fleet?: Partial<FleetSettings>;
  /** Runs of today, by serial number. */
  readonly earlier?: Readonly<Record<string, number>>;
  /** What has begun stays on the bench. */
  readonly onePlace?: boolean;
}

async function stage({ text = PLAIN, people = [], fleet = {}, earlier = {}, onePlace = false }: Stage = {}) {
  const there = await peopleStage(people, fleet);
  const { view, book, signIn } = there;
  const started: { scan: string; facts: RunFacts }[] = [];
  const state = { procedure: load(text) as ReturnType<typeof load> | null, free: true, held: 0 };
  const identity = new IdentityDesk({
    view,
    runsToday: async (serial) => earlier[serial] ?? 0,
    mayRetest: () => signIn.mayBe(book.signIn.retestBy),
    wantsReason: () => book.signIn.retestReason,
  });
  const unseen = { by: 'nobody' as FailSeenBy, word: null as Word | null };
  const front = new FrontDesk({
    view,
    book,
    signIn,
    identity,
    failed: {
      look: async () => unseen.word,
      seenBy: async (mayAcknowledge) => {
        if (!unseen.word || unseen.by === 'nobody' || !mayAcknowledge(unseen.by)) return false;
        unseen.word = null;
        return true;
      },
    },
    procedure: () => state.procedure,
    holdSlot: () => void (state.held += 1),
    isFree: () => state.free,
    start: async (scan, facts) => {
      if (!state.free) return false;
      started.push({ scan, facts });
      state.free = !onePlace;
      return true;
    },
  });
  const scans = async (...codes: string[]): Promise<ScanTaken[]> => {
    const taken: ScanTaken[] = [];
    for (const code of codes) taken.push(await front.take(code));
    return taken;
  };
  return {
    ...there,
    front,
    started,
    state,
    unseen,
    scans,
    asking: () => view.current.asking,
    refusal: () => view.current.refusal,
  };
}

describe('4: a scan', () => {
  test('is a unit where nobody is listed', async () => {
    const { scans, started } = await stage();
    expect(await scans('SN-1')).toEqual(['unit']);
    expect(started).toEqual([{ scan: 'SN-1', facts: { answers: {}, header: { operator: '' } } }]);
  });

  test('makes no run before somebody has signed in, and says how', async () => {
    const { scans, started, refusal, view } = await stage({ people: [ANA, MEI] });
    expect(await scans('SN-1')).toEqual(['unit']);
    expect(refusal()).toMatchObject({
      code: 'sign-in-needed',
      remedy: expect.stringContaining('Scan your badge') as string,
    });
    expect(started).toEqual([]);
    expect(await scans('EMP-1')).toEqual(['person']);
    expect([refusal(), view.current.people.signedIn?.name]).toEqual([null, 'Ana']);
    expect(await scans('SN-1')).toEqual(['unit']);
    expect(started[0]!.facts.header).toEqual({ operator: 'ana@example.com', operator_role: 'operator' });
  });

  test('10: names whoever has no e-mail, and the next one from their badge on', async () => {
    const { scans, started } = await stage({ people: [ANA, BEN, MEI] });
    await scans('EMP-2', 'SN-1', 'EMP-1', 'SN-2');
    expect(started.map(({ facts }) => facts.header)).toEqual([
      { operator: 'Ben', operator_role: 'technician' },
      { operator: 'ana@example.com', operator_role: 'operator' },
    ]);
  });

  test('is a badge before anything else, also one that could be a serial number', async () => {
    const { scans, view, started } = await stage({ people: [{ ...MEI, badge: 'SN-7' }] });
    expect(await scans('SN-7')).toEqual(['person']);
    expect([view.current.people.signedIn?.name, started]).toEqual(['Mei', []]);
  });

  test('that has the form of a badge and is nobody’s is refused', async () => {
    const { scans, refusal, started } = await stage({
      people: [ANA],
      fleet: { sign_in: { badge_pattern: '^(EMP|SN)-' } },
    });
    expect(await scans('SN-9')).toEqual(['unit']);
    expect([refusal()?.code, started]).toEqual(['badge-unknown', []]);
  });

  test('comes to nothing where there is no place for a unit, a badge does not', async () => {
    const { scans, state, view } = await stage({ people: [ANA, MEI] });
    await scans('EMP-1');
    state.free = false;
    expect(await scans('SN-1', 'EMP-3')).toEqual(['not-taken', 'person']);
    expect(view.current.people.signedIn?.name).toBe('Mei');
  });

  test('goes to the run desk where there is no procedure, which says why', async () => {
    const { scans, state, started } = await stage();
    state.procedure = null;
    expect(await scans('SN-1')).toEqual(['unit']);
    expect(started).toHaveLength(1);
  });

  test('twice in the same moment begins once', async () => {
    const { front, started } = await stage({ onePlace: true });
    expect(await Promise.all([front.take('SN-1'), front.take('SN-1')])).toEqual(['unit', 'not-taken']);
    expect(started).toHaveLength(1);
  });
});

describe('8: what the scan does not say', () => {
  test('is asked for before the run, one after the other, and goes with it', async () => {
    const { scans, asking, started, state } = await stage({ text: PARTS });
    expect(await scans('SN-1')).toEqual(['asked']);
    expect(asking()).toMatchObject({
      serial: 'SN-1',
      key: 'sub_units.display',
      label: 'Display',
      placeholder: 'D-1',
      kind: 'sub-unit',
      index: 1,
      count: 3,
      known: [],
      trouble: null,
    });
    expect(state.held, 'the slot that was next stays so').toBe(1);
    expect(await scans('D-7')).toEqual(['asked']);
    expect(asking()).toMatchObject({ key: 'sub_units.mb', index: 2, known: [{ label: 'Display', value: 'D-7' }] });
    expect(await scans('MB-1')).toEqual(['asked']);
    expect(asking()).toMatchObject({ key: 'metadata.shift', index: 3, isOptional: true, kind: 'text' });
    expect(started).toEqual([]);
    expect(await scans('')).toEqual(['unit']);
    expect(asking()).toBeNull();
    expect(started).toMatchObject([
      {
        scan: 'SN-1',
        facts: { answers: { 'sub_units.display': 'D-7', 'sub_units.mb': 'MB-1', 'metadata.shift': '' } },
      },
    ]);
  });

  test('a wrong answer leaves the question with its reason, and the next one replaces it', async () => {
    const { scans, asking, started } = await stage({ text: PARTS });
    await scans('SN-1');
    expect(await scans('X-7')).toEqual(['asked']);
    expect(asking()).toMatchObject({ index: 1, trouble: { code: 'answer-pattern' } });
    await scans('D-7');
    expect(asking()).toMatchObject({ index: 2, trouble: null });
    await scans('d-7');
    expect(asking()).toMatchObject({ index: 2, trouble: { code: 'answer-twice' } });
    await scans('SN-1');
    expect(asking()).toMatchObject({ index: 2, trouble: { message: '“SN-1” is the unit itself.' } });
    await scans('MB-1', 'late');
    expect(started).toHaveLength(1);
  });

  test('cancel, another procedure and a refused unit forget what was said', async () => {
    const { front, scans, asking, started, state, refusal } = await stage({ text: PARTS });
    await scans('SN-1', 'D-7');
    front.cancel();
    expect(asking()).toBeNull();
    await scans('SN-2');
    expect(asking()).toMatchObject({ serial: 'SN-2', index: 1, known: [] });
    state.procedure = load(PLAIN);
    expect(await scans('SN-3')).toEqual(['unit']);
    expect([asking(), started.map(({ scan }) => scan)]).toEqual([null, ['SN-3']]);
    expect(await scans('nothing')).toEqual(['unit']);
    expect(refusal()?.code).toBe('serial-pattern');
  });

  test('a badge meanwhile signs in and answers nothing', async () => {
    const { scans, asking, view, started } = await stage({ text: PARTS, people: [ANA, MEI] });
    await scans('EMP-1', 'SN-1');
    expect(await scans('EMP-3')).toEqual(['person']);
    expect(view.current.people.signedIn?.name).toBe('Mei');
    expect(asking()).toMatchObject({ index: 1, trouble: null });
    await scans('D-7', 'MB-1', 'late');
    expect(started[0]!.facts.header.operator).toBe('mei@example.com');
  });
});

describe('9: a unit that was tested today', () => {
  const earlier = { 'SN-1': 2 };

  test('is tested again without a question, and the run says how often before', async () => {
    const { scans, started } = await stage({ people: [ANA, MEI], earlier });
    expect(await scans('EMP-1', 'SN-1', 'SN-2')).toEqual(['person', 'unit', 'unit']);
    expect(started.map(({ facts }) => facts.header.retest)).toEqual([2, undefined]);
  });

  test('wants a reason where the station, the fleet or the procedure says so', async () => {
    const fleet = { sign_in: { retest_reason: true } };
    const asked = await stage({ fleet, earlier });
    expect(await asked.scans('SN-1')).toEqual(['asked']);
    expect(asked.asking()).toMatchObject({ key: 'retest_reason', label: 'Why is it tested again?', isOptional: false });
    expect(await asked.scans('')).toEqual(['asked']);
    expect(asked.asking()).toMatchObject({ trouble: { code: 'answer-empty' } });
    expect(await asked.scans('contact cleaned')).toEqual(['unit']);
    expect(asked.started[0]!.facts).toEqual({
      answers: {},
      header: { operator: '', retest: 2, retest_reason: 'contact cleaned' },
    });
    expect(await asked.scans('SN-2'), 'not the first time').toEqual(['unit']);
    const text = PLAIN.replace('unit: {', 'unit: { retest_reason: true,');
    expect(await (await stage({ text, earlier })).scans('SN-1')).toEqual(['asked']);
  });

  test('by a role that is too low, wants somebody else’s badge, for this run alone', async () => {
    const { scans, started, asking, view } = await stage({
      people: [ANA, { ...ANA, name: 'Ada', badge: 'EMP-9' }, BEN, MEI],
      fleet: { sign_in: { retest_by: 'technician' } },
      earlier,
    });
    expect(await scans('EMP-1', 'SN-1')).toEqual(['person', 'asked']);
    expect(asking()).toMatchObject({ kind: 'approval', key: 'allowed_by' });
    expect(await scans('SN-1')).toEqual(['asked']);
    expect(asking()).toMatchObject({ trouble: { code: 'answer-approval' } });
    expect(await scans('EMP-9')).toEqual(['asked']);
    expect(asking()).toMatchObject({
      trouble: {
        message: 'Ada may not let a unit be tested again.',
        remedy: 'A technician or a supervisor can do this.',
      },
    });
    expect(await scans('EMP-2')).toEqual(['unit']);
    expect(view.current.people.signedIn?.name, 'nobody else is signed in').toBe('Ana');
    expect(started[0]!.facts.header).toEqual({
      operator: 'ana@example.com',
      operator_role: 'operator',
      retest: 2,
      allowed_by: 'Ben',
    });
    expect(await scans('SN-1'), 'the next time it is asked again').toEqual(['asked']);
    expect(await scans('EMP-2', 'EMP-2', 'SN-1')).toEqual(['unit', 'person', 'unit']);
    expect(started.at(-1)!.facts.header).not.toHaveProperty('allowed_by');
  });

  test('or their PIN', async () => {
    const { front, scans, started, id } = await stage({
      people: [ANA, MEI],
      fleet: { sign_in: { retest_by: 'supervisor' } },
      earlier,
    });
    await scans('EMP-1', 'SN-1');
    await expect(front.approve(id('Mei'), '1111')).rejects.toMatchObject({ code: 'pin-wrong' });
    await front.approve(id('Mei'), '333333');
    expect(started[0]!.facts.header).toMatchObject({ operator: 'ana@example.com', allowed_by: 'Mei' });
  });
});

describe('22: a unit that did not pass', () => {
  const WORD: Word = { code: 'fail-unseen', message: 'SN-1 did not pass.', remedy: 'Acknowledge it.' };

  test('holds up the next one, which takes nothing, and not a badge', async () => {
    const { scans, started, unseen, refusal } = await stage({ people: [ANA, MEI] });
    await scans('EMP-1');
    unseen.word = WORD;
    expect(await scans('SN-2')).toEqual(['unit']);
    expect([refusal(), started]).toEqual([WORD, []]);
    expect(await scans('EMP-1')).toEqual(['person']);
  });

  test('is seen by the badge of somebody who may: the operator stays signed in, and goes on', async () => {
    const { scans, started, unseen, view, refusal } = await stage({ people: [ANA, BEN, MEI] });
    await scans('EMP-1');
    Object.assign(unseen, { by: 'supervisor', word: WORD });
    await scans('SN-2', 'EMP-2');
    expect([view.current.people.signedIn?.name, unseen.word], 'a technician may not, and signs in').toEqual([
      'Ben',
      WORD,
    ]);
    await scans('EMP-1', 'EMP-3');
    expect([view.current.people.signedIn?.name, unseen.word, refusal()]).toEqual(['Ana', null, null]);
    await scans('SN-2');
    expect(started).toHaveLength(1);
  });

  test('is no obstacle to an answer about a unit that was taken before', async () => {
    const { scans, started, unseen } = await stage({ text: PARTS });
    await scans('SN-1');
    unseen.word = WORD;
    await scans('D-1', 'MB-1', 'early');
    expect(started).toHaveLength(1);
  });
});
