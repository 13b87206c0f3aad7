/** One deliberate defect after the other (defects.ts), each played until a schedule's complaint catches it. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { DEFECTS } from './defects.ts';
import { mutant } from './mutant.ts';
import { play } from './schedule.ts';

/** The rarest needs a few hundred; one that needs more is nearly not seen at all. */
const MOST_SCHEDULES = 2_000;
/** Enough that a complaint about nothing would show. */
const SOUND_SCHEDULES = 200;

describe('a defect in each rule is caught', () => {
  test('a copy without a defect is sound', async () => {
    const sound = await mutant('none', null);
    for (let seed = 1; seed <= SOUND_SCHEDULES; seed++)
      for (const isIll of [false, true])
        expect({ seed, isIll, problems: (await play(seed, sound, isIll)).problems }).toEqual({
          seed,
          isIll,
          problems: [],
        });
  }, 300_000);

  test('every rule has a defect', () => {
    const rules = readFileSync(new URL('../../../src/sync/outbox/RULES.md', import.meta.url), 'utf8');
    const numbers = [...rules.matchAll(/^(\d+)\. /gm)].map(([, number]) => Number(number));
    expect([...new Set(DEFECTS.map(({ rule }) => rule))]).toEqual(numbers);
  });

  test('every defect is in the table', () => {
    const table = readFileSync(new URL('../../../docs/reference/outbox-proof.md', import.meta.url), 'utf8');
    expect(DEFECTS.filter(({ rule, does }) => !table.includes(`| ${rule} | ${does} |`))).toEqual([]);
  });

  test.each(DEFECTS.map((defect, at) => [`${defect.rule}: ${defect.does}`, at, defect] as const))(
    '%s',
    async (name, at, defect) => {
      const broken = await mutant(String(at), defect);
      let played = 0;
      let problems: readonly string[] = [];
      const sees = () => problems.find((problem) => problem.startsWith(defect.seen));
      const first = defect.first ?? 1;
      while (!sees() && played < MOST_SCHEDULES)
        problems = (await play(first + played++, broken, defect.isIll)).problems;
      console.log(`${name}: “${sees()?.slice(0, 120)}” in schedule ${first + played - 1}`);
      expect(sees()).toBeDefined();
    },
    // A hang is told; a busy machine is none.
    300_000,
  );
});
