import { describe, expect, test } from 'vitest';
import type { OpenedFile } from '#engine/link/transfer-link.ts';
import type { RunRow } from '#record/run-row.ts';
import { type AtStake, isInFolder, lossOf, placeOf, stateWord, whenOf, whyOf } from '#ui/queue/queue-words.ts';
import { saidOfOpened } from '#ui/queue/transfer-words.ts';
import { QUEUE, READY } from '../gallery/samples.ts';

const NOW_MS = Date.parse('2026-11-20T06:30:00.000Z');
const row = (change: Partial<RunRow>): RunRow => ({
  ...QUEUE[3]!,
  state: 'QUEUED',
  upload_reason: '',
  attempts: 0,
  next_at_ms: 0,
  ...change,
});
const when = (change: Partial<RunRow>, view: Partial<typeof READY> = {}) =>
  whenOf(row(change), { ...READY, ...view }, NOW_MS);
const why = (change: Partial<RunRow>, view: Partial<typeof READY> = {}) =>
  whyOf(row(change), placeOf({ ...READY, ...view }));

describe('why, since when, when next', () => {
  test('every run says since when it waits', () => {
    for (const state of ['QUEUED', 'CREATING', 'AMBIGUOUS', 'PARKED'] as const)
      expect(when({ state })).toMatch(/since \d/);
  });

  test('when next: in its turn, after a wait, with the connection, with the hold, or never by itself', () => {
    const hold = { code: 'unauthorised', message: 'm', remedy: 'r' };
    expect(when({})).toMatch(/goes in its turn$/);
    expect(when({ next_at_ms: NOW_MS + 20_000 })).toMatch(/next try in 20\u202fs$/);
    expect(when({ next_at_ms: NOW_MS + 20_000 }, { connection: 'offline' })).toMatch(/when the connection is back$/);
    expect(when({ state: 'ATTACHING' }, { filesWait: 'The battery is low.' })).toMatch(/its files wait$/);
    expect(when({}, { filesWait: 'The battery is low.' })).toMatch(/goes in its turn$/);
    expect(when({}, { queue: { ...READY.queue, hold } })).toMatch(/held$/);
    expect(when({ state: 'PARKED' })).toMatch(/by itself$/);
  });

  test('why: a lost answer, a file, another station; the server’s own words first', () => {
    expect(why({})).toBe('');
    expect(why({ state: 'PARKED', upload_reason: 'Unknown part.' })).toBe('Unknown part.');
    expect(why({ state: 'ATTACHING', attachments: 3, attached: 2 })).toBe('The run is there, and 2 of its 3 files.');
    expect(why({ state: 'ATTACHING', attachments: 1 })).toBe('The run is there, and 0 of its 1 file.');
    expect(why({ state: 'AMBIGUOUS', attempts: 1 })).toMatch(/^The answer was lost; TofuPilot is asked/);
    expect(why({ state: 'AMBIGUOUS', attempts: 1 }, { tryout: true })).toContain('the try-out sandbox is asked');
    expect(why({ state: 'AMBIGUOUS', exported_at: 'x' })).toMatch(/^In a file; TofuPilot is asked/);
    expect(why({ state: 'AMBIGUOUS', carried_from: 'bench-a', seq: 7 })).toBe('Run 7 of bench-a.');
    expect(why({ state: 'AMBIGUOUS', exported_at: 'x', upload_reason: 'No answer.' })).toBe('No answer.');
  });

  test('an exported run is called so, a carried one waits, until something has happened to them', () => {
    expect(stateWord(row({ state: 'AMBIGUOUS', exported_at: 'x' }))).toBe('Exported');
    expect(stateWord(row({ state: 'AMBIGUOUS', carried_from: 'bench-a' }))).toBe('Waiting');
    expect(stateWord(row({ state: 'AMBIGUOUS', exported_at: 'x', attempts: 1 }))).toBe('Checking');
    expect(stateWord(row({ state: 'PARKED', exported_at: 'x' }))).toBe('Parked');
    expect(stateWord(row({ state: 'AMBIGUOUS', copied_at: 'x' }))).toBe('Waiting');
    expect(why({ state: 'AMBIGUOUS', copied_at: 'x' })).toMatch(/^Also in the folder for copies; TofuPilot is asked/);
    expect(why({ state: 'AMBIGUOUS', copied_at: 'x', attempts: 1 })).toMatch(/^The answer was lost/);
    expect([isInFolder(row({ copied_at: 'x' }), 's'), isInFolder(row({ carried_from: 's' }), 's')]).toEqual([
      true,
      true,
    ]);
    expect(isInFolder(row({ carried_from: 'other' }), 's')).toBe(false);
  });
});

describe('what would be lost', () => {
  const loss = (change: Partial<AtStake>) =>
    lossOf({
      unsent: 3,
      exported: 0,
      inFolder: 0,
      folder: null,
      carried: 0,
      persisted: null,
      place: 'TofuPilot',
      ...change,
    });

  test('nothing, or so many; in a try-out it is the sandbox that has them', () => {
    expect(loss({ unsent: 0 })).toBe(
      'Clearing this browser’s data now would lose no run: every one has reached TofuPilot.',
    );
    expect(loss({})).toBe('Clearing this browser’s data now would lose 3 runs that have not reached TofuPilot.');
    expect(loss({ unsent: 1 })).toContain('1 run that has not reached');
    const place = placeOf({ tryout: true });
    expect(loss({ place })).toContain('reached the try-out sandbox.');
    expect(loss({ unsent: 0, place })).not.toContain('TofuPilot');
  });

  test('what else holds them', () => {
    expect(loss({ exported: 3 })).toMatch(/All of them are also in an exported file\.$/);
    expect(loss({ unsent: 1, exported: 1 })).toMatch(/It is also in an exported file\.$/);
    expect(loss({ exported: 1 })).toMatch(/1 of them is also in an exported file\.$/);
    expect(loss({ exported: null })).toMatch(/Those marked as exported are also in their file\.$/);
    expect(loss({ folder: 'copies' })).toMatch(/have not reached TofuPilot\.$/);
    expect(loss({ folder: 'copies', inFolder: 2 })).toMatch(/2 of them are also in the folder “copies”\.$/);
    expect(loss({ folder: 'copies', inFolder: 3 })).toMatch(/All of them are also in the folder “copies”\.$/);
    expect(loss({ folder: 'copies', inFolder: null })).toMatch(/were copied are also in the folder “copies”\.$/);
    expect(loss({ unsent: 1, inFolder: 1 })).toMatch(/It is also in a folder of copies\.$/);
    expect(loss({ persisted: true })).toMatch(/promised not to clear them by itself\.$/);
    expect(loss({ unsent: 0, carried: 2 })).toMatch(
      /2 carried runs would go too; the station that made them still has them\.$/,
    );
  });
});

describe('what came of a file', () => {
  const opened = (change: Partial<OpenedFile>): OpenedFile => ({
    kind: 'runs',
    station: 'bench-a',
    madeAt: '2026-11-20T06:10:00.000Z',
    fingerprint: 'f',
    refusal: null,
    runs: [],
    problems: [],
    ...change,
  });
  const word = (code: string) => ({ code, message: `${code}.`, remedy: 'Do.' });

  test('runs by what became of them', () => {
    const runs = (['new', 'new', 'known', 'damaged'] as const).map((result, seq) => ({ id: `${seq}`, seq, result }));
    const said = saidOfOpened('f', opened({ runs, problems: [word('altered')] }));
    expect(said).toMatchObject({ code: 'altered', tone: 'warning' });
    expect(said.title).toBe('Runs from bench-a: 2 new, 1 already known, 1 damaged');
    expect(said.lines.at(-1)).toBe('altered. Do.');
  });

  test('an older file is no trouble; a refused one says why', () => {
    const late = saidOfOpened('f', opened({ problems: [word('late')] }));
    expect(late).toMatchObject({ code: 'opened', tone: 'good' });
    const refused = saidOfOpened('x.fieldbench', opened({ refusal: word('signature') }));
    expect(refused).toEqual({ code: 'signature', tone: 'error', title: 'x.fieldbench: signature.', lines: ['Do.'] });
  });

  test('many problems are counted', () => {
    const problems = Array.from({ length: 9 }, () => word('altered'));
    expect(saidOfOpened('f', opened({ problems })).lines.at(-1)).toBe('And 4 more like these.');
  });
});
