/** docs/security.md claims nothing without a test: each that it names is there, under that title. */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../', import.meta.url));
const held = readFileSync(`${root}docs/security.md`, 'utf8')
  .split('## What holds')[1]!
  .split('## What does not hold')[0]!;
const rows = held.split('\n').filter((line) => line.startsWith('| ') && !line.startsWith('| Claim'));

test('there are claims', () => expect(rows.length).toBeGreaterThan(20));

test.each(rows)('%s', (row) => {
  const [claim = '', proof = ''] = row.split(' | ');
  expect(claim).not.toBe('');
  const named = [...proof.matchAll(/`(tests\/[^`]+)`((?:,? “[^”]+”)+)/g)];
  expect(named.length, 'names a test').toBeGreaterThan(0);
  for (const [, file, titles] of named) {
    expect(existsSync(root + file), file).toBe(true);
    const text = readFileSync(root + file, 'utf8');
    for (const [, title] of titles!.matchAll(/“([^”]+)”/g)) expect(text, `${file} has “${title}”`).toContain(title);
  }
});
