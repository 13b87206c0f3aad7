/** The screens of all runs under way, and who is answered. */
import { describe, expect, test } from 'vitest';
import type { ShownScreen } from '#engine/link/prompt-link.ts';
import { Prompts } from '../../src/bench-worker/prompts.ts';
import { View } from '../../src/bench-worker/view.ts';
import { FakeClock } from '../base/fake-clock.ts';

const SCREEN: ShownScreen = { phase: 'look', name: 'Look', attempt: 0, components: [], waits: true };

function aDesk() {
  let told = 0;
  const view = new View(() => (told += 1));
  const clock = new FakeClock();
  return { prompts: new Prompts(view, clock), view, clock, told: () => told };
}

describe('prompts', () => {
  test('of two runs are answered each by its own number', () => {
    const { prompts, view } = aDesk();
    const heard: string[] = [];
    const open = (run: string) => prompts.operator(run).open(SCREEN, (given) => (heard.push(`${run} ${given}`), []));
    const left = open('left');
    open('right');
    expect(view.current.prompts.map(({ run, id }) => [run, id])).toEqual([
      ['left', 1],
      ['right', 2],
    ]);
    prompts.answer(2, 'a');
    left.close();
    left.close();
    expect(prompts.answer(1, 'b')).toEqual([{ key: null, message: 'This question is over.' }]);
    expect(heard).toEqual(['right a']);
    expect(view.current.prompts.map(({ run }) => run)).toEqual(['right']);
  });

  test('a flood of live values is told in a few words, the last one among them', async () => {
    const { prompts, view, clock, told } = aDesk();
    const screen = prompts.operator('run').open(SCREEN, () => []);
    for (let percent = 0; percent <= 1000; percent += 1) screen.show({ done: percent, of: 1000 });
    expect(told()).toBe(1);
    await clock.advance(50);
    expect(told()).toBe(2);
    expect(view.current.prompts[0]!.values).toEqual({ done: 1000, of: 1000 });
    screen.show({ done: 5 });
    screen.close();
    await clock.advance(50);
    expect(view.current.prompts).toEqual([]);
  });
});
