/**
 * Lighthouse on the first screen and on two others, as it measures by default: a slow telephone on a slow network.
 *
 * Fetched by npm when it is asked for, in the last version that runs on Node 20: with all that it brings along it weighs more
 * than everything else that the tests need, and nothing but this uses it.
 */
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { findChromium } from '../support/chromium.js';
import { Server } from '../support/server.ts';
import { compare, type Result } from './measure.ts';

const LIGHTHOUSE = 'lighthouse@12.8.2';
const ROUNDS = 3;
/** Where a person begins, the longest list, and a form. */
const PATHS = ['/', '/history', '/settings'];
/** The project's own bounds, of 100. */
const CATEGORIES = { accessibility: 100, 'best-practices': 100, performance: 95 } as const;
const LIMIT_MS = 180_000;

type Scores = Record<keyof typeof CATEGORIES, number>;

export async function run(): Promise<Result[]> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-lighthouse-'));
  const server = await Server.start();
  try {
    const results: Result[] = [];
    for (const path of PATHS) {
      const rounds: Scores[] = [];
      for (let round = 0; round < ROUNDS; round += 1) rounds.push(await scores(server.origin + path, folder));
      for (const [category, least] of Object.entries(CATEGORIES) as [keyof Scores, number][])
        results.push(
          compare(
            {
              name: `Lighthouse ${category}, ${path}`,
              unit: 'of 100',
              peerName: 'the most there is',
              bound: least === 100 ? '100' : `at least ${least}`,
            },
            rounds.map((round) => ({ ours: round[category], peer: 100 })),
            ({ ours }) => ours >= least,
          ),
        );
    }
    return results;
  } finally {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function scores(address: string, folder: string): Promise<Scores> {
  const file = join(folder, 'report.json');
  const flags = ['--headless=new', ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])].join(' ');
  const args = [
    '--yes',
    LIGHTHOUSE,
    address,
    '--quiet',
    '--output=json',
    `--output-path=${file}`,
    `--only-categories=${Object.keys(CATEGORIES).join()}`,
    `--chrome-flags=${flags}`,
  ];
  await promisify(execFile)('npx', args, {
    timeout: LIMIT_MS,
    env: { ...process.env, CHROME_PATH: findChromium() ?? '' },
  });
  const report = JSON.parse(readFileSync(file, 'utf8')) as Report;
  const wanting = Object.values(report.categories).flatMap(({ auditRefs }) =>
    auditRefs.filter(({ id, weight }) => weight > 0 && (report.audits[id]?.score ?? 1) < 0.9).map(({ id }) => id),
  );
  if (wanting.length > 0) console.error(`${address}: ${wanting.join(', ')}`);
  return Object.fromEntries(
    Object.entries(report.categories).map(([name, { score }]) => [name, Math.round(score * 100)]),
  ) as Scores;
}

interface Report {
  readonly categories: Record<string, { score: number; auditRefs: { id: string; weight: number }[] }>;
  readonly audits: Record<string, { score: number | null } | undefined>;
}
