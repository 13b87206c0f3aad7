import { expect, test } from 'vitest';
import { isBadge } from '#fleet/people/secret.ts';
import { commandLine } from '../../src/cli/command-line.ts';

async function say(...args: string[]): Promise<{ exit: number; out: string[]; err: string }> {
  const out: string[] = [];
  const err: string[] = [];
  const stop = new AbortController().signal;
  const exit = await commandLine(args, { out: (line) => out.push(line), err: (line) => err.push(line), stop });
  return { exit, out, err: err.join('\n') };
}

test('fieldbench badge writes a hash that its code opens, and takes one code', async () => {
  const { exit, out } = await say('badge', 'EMP-00042');
  expect([exit, await isBadge('EMP-00042', out[0]!)]).toEqual([0, true]);
  for (const args of [[], ['a', 'b'], [''], ['a', '--json'], ['x'.repeat(201)]])
    expect((await say('badge', ...args)).exit).toBe(64);
});
