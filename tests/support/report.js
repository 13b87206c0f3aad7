/**
 * Counts what two test runners reported, and says what failed in words.
 *
 * Reads the JSON reports of Vitest and Playwright. Above it: tests/run.js. Knows nothing of how they are started.
 */
import { existsSync, readFileSync } from 'node:fs';

/**
 * @typedef {{ passed: number, failed: number, skipped: number, failures: Failure[], reasons: string[] }} Tally
 * @typedef {{ name: string, why: string }} Failure
 */

/** @returns {Tally} */
const nothing = () => ({ passed: 0, failed: 0, skipped: 0, failures: [], reasons: [] });

/** Colours are for the terminal that the runner itself writes to. */
// oxlint-disable-next-line no-control-regex
const COLOUR = /\u001b\[\d+(;\d+)*m/g;

/** Lines of a failure that are worth repeating at the end; all of them stand above. */
const SHOWN_LINES = 12;

/** @param {string} text */
const short = (text) => text.replaceAll(COLOUR, '').trim().split('\n').slice(0, SHOWN_LINES).join('\n');

/**
 * A runner that ended badly without naming a failed test has failed all the same.
 *
 * @param {string} runner
 * @param {Tally} tally
 * @param {number} exitCode
 */
function withExit(runner, tally, exitCode) {
  if (exitCode === 0 || tally.failed > 0) return tally;
  tally.failed += 1;
  tally.failures.push({ name: runner, why: `ended with exit code ${exitCode} and named no failed test; see above` });
  return tally;
}

/**
 * @param {string} file
 * @param {number} exitCode of Vitest
 * @returns {Tally}
 */
export function readVitest(file, exitCode) {
  const tally = nothing();
  if (!existsSync(file)) return withExit('vitest', tally, exitCode || 1);
  /** @typedef {{ status: string, fullName: string, failureMessages: string[] }} Assertion */
  /** @type {{ testResults: { name: string, status: string, message: string, assertionResults: Assertion[] }[] }} */
  const report = JSON.parse(readFileSync(file, 'utf8'));
  for (const { name, status, message, assertionResults } of report.testResults) {
    for (const { status: outcome, fullName, failureMessages } of assertionResults) {
      if (outcome === 'passed') tally.passed += 1;
      else if (outcome === 'failed') fail(tally, fullName, failureMessages.join('\n'));
      else tally.skipped += 1;
    }
    // A file that could not even be loaded has no tests to fail.
    if (status === 'failed' && !assertionResults.some((one) => one.status === 'failed')) fail(tally, name, message);
  }
  return withExit('vitest', tally, exitCode);
}

/**
 * @param {string} file
 * @param {number} exitCode of Playwright
 * @returns {Tally}
 */
export function readPlaywright(file, exitCode) {
  const tally = nothing();
  if (!existsSync(file)) return withExit('playwright', tally, exitCode || 1);
  /**
   * @typedef {{ annotations: { type: string, description?: string }[], status: string,
   *   results: { errors: { message?: string }[] }[] }} One
   * @typedef {{ title: string, file: string, line: number, tests: One[] }} Spec
   * @typedef {{ specs?: Spec[], suites?: Suite[] }} Suite
   */
  /** @type {{ suites: Suite[], errors: { message?: string }[] }} */
  const report = JSON.parse(readFileSync(file, 'utf8'));
  /** @param {Suite} suite */
  const walk = (suite) => {
    for (const { title, file: path, line, tests } of suite.specs ?? []) {
      for (const { status, results, annotations } of tests) {
        if (status === 'expected') tally.passed += 1;
        else if (status === 'skipped') {
          tally.skipped += 1;
          const reason = annotations.find(({ type }) => type === 'skip')?.description;
          tally.reasons.push(`${title}: ${reason ?? 'no reason given'}`);
        } else {
          const errors = results.flatMap((result) => result.errors.map(({ message = '' }) => message));
          fail(tally, `${path}:${line} ${title}`, errors.join('\n'));
        }
      }
    }
    suite.suites?.forEach(walk);
  };
  report.suites.forEach(walk);
  for (const { message = '' } of report.errors) fail(tally, 'playwright', message);
  return withExit('playwright', tally, exitCode);
}

/**
 * @param {Tally} tally
 * @param {string} name
 * @param {string} why
 */
function fail(tally, name, why) {
  tally.failed += 1;
  tally.failures.push({ name, why: short(why) });
}

/**
 * @param {readonly Tally[]} tallies
 * @returns {Tally}
 */
export function sum(tallies) {
  const all = nothing();
  for (const { passed, failed, skipped, failures, reasons } of tallies) {
    all.passed += passed;
    all.failed += failed;
    all.skipped += skipped;
    all.failures.push(...failures);
    all.reasons.push(...reasons);
  }
  return all;
}

/**
 * @param {Tally} tally
 * @returns {string} the closing line
 */
export function closingLine({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}
