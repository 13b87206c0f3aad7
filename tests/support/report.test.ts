import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { closingLine, readPlaywright, readVitest, sum } from './report.js';

const folder = mkdtempSync(join(tmpdir(), 'fieldbench-report-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const file = (report: unknown) => {
  const path = join(folder, 'report.json');
  writeFileSync(path, JSON.stringify(report));
  return path;
};
const line = (tally: ReturnType<typeof sum>) => closingLine(tally);

const suite = (status: string, outcomes: string[]) => ({
  name: 'a.test.ts',
  status,
  message: 'it cannot be loaded',
  assertionResults: outcomes.map((one) => ({ status: one, fullName: `is ${one}`, failureMessages: ['why'] })),
});
const vitest = (status: string, outcomes: string[], exitCode: number) =>
  readVitest(file({ testResults: [suite(status, outcomes)] }), exitCode);

describe('Vitest', () => {
  test('counts passed, failed, skipped', () => {
    const tally = vitest('failed', ['passed', 'passed', 'failed', 'skipped', 'todo'], 1);
    expect(line(tally)).toBe('2 passed, 1 failed, 2 skipped');
    expect(tally.failures).toEqual([{ name: 'is failed', why: 'why' }]);
  });
  test('a file that cannot be loaded is a failure', () => {
    expect(line(vitest('failed', [], 1))).toBe('0 passed, 1 failed');
  });
  test('a bad end without a failed test is a failure', () => {
    expect(line(vitest('passed', ['passed'], 1))).toBe('1 passed, 1 failed');
  });
  test('no report at all is a failure', () => {
    expect(line(readVitest(join(folder, 'absent.json'), 0))).toBe('0 passed, 1 failed');
  });
});

const spec = (status: string) => ({
  title: status,
  file: 'a.spec.ts',
  line: 3,
  tests: [
    { status, annotations: [{ type: 'skip', description: 'no root' }], results: [{ errors: [{ message: 'why' }] }] },
  ],
});
const playwright = (statuses: string[], errors: { message: string }[] = [], exitCode = 0) =>
  readPlaywright(file({ suites: [{ suites: [{ specs: statuses.map(spec) }] }], errors }), exitCode);

describe('Playwright', () => {
  test('counts what was expected, what was not, and what was skipped, with the reason', () => {
    const tally = playwright(['expected', 'unexpected', 'flaky', 'skipped'], [], 1);
    expect(line(tally)).toBe('1 passed, 2 failed, 1 skipped');
    expect(tally.reasons).toEqual(['skipped: no root']);
  });
  test('an error outside of any test is a failure', () => {
    expect(line(playwright(['expected'], [{ message: 'no such browser' }], 1))).toBe('1 passed, 1 failed');
  });
});

test('the closing line adds up both', () => {
  expect(line(sum([vitest('passed', ['passed'], 0), playwright(['expected'])]))).toBe('2 passed, 0 failed');
});
