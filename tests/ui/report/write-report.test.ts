/** A report in a real browser, from a file, as whoever gets it by mail opens it. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium, type Browser, type Page } from '@playwright/test';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { writeReport } from '#ui/report/write-report.ts';
import { axeViolations } from '../../support/axe.ts';
import { findChromium } from '../../support/chromium.js';
import { quietArgs } from '../../support/quiet-browser.ts';
import { recorded } from '../gallery/run-states.ts';
import { row } from '../gallery/samples.ts';
import { hostileRun, SERIAL } from './hostile-run.ts';

const executablePath = findChromium();
const SHOTS = process.env['GALLERY_SHOTS'];
const folder = mkdtempSync(join(tmpdir(), 'fieldbench-report-'));

describe.skipIf(!executablePath)('a report', () => {
  let browser: Browser;
  let page: Page;
  let asked: string[];
  let trouble: string[];
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: executablePath as string, args: quietArgs(['--no-sandbox']) });
    page = await browser.newPage({ viewport: { width: 900, height: 1200 } });
    page.on('request', (request) => asked.push(request.url()));
    page.on('dialog', (dialog) => (trouble.push(dialog.message()), void dialog.dismiss()));
    page.on('console', (message) => trouble.push(message.text()));
    page.on('pageerror', (error) => trouble.push(String(error)));
  });
  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  async function open(text: string): Promise<string> {
    [asked, trouble] = [[], []];
    const address = pathToFileURL(join(folder, 'report.html')).href;
    writeFileSync(join(folder, 'report.html'), text);
    await page.goto(address, { waitUntil: 'load' });
    return address;
  }

  test('36: it asks for nothing and runs nothing, whatever is written into the run', async () => {
    const address = await open(writeReport([hostileRun()]));
    const page_ = await page.evaluate(() => ({
      scripts: document.scripts.length,
      links: document.querySelectorAll('link, iframe, object, form, base').length,
      images: [...document.images].map(({ src, naturalWidth }) => `${src.slice(0, 15)} ${naturalWidth}`),
      heading: document.querySelector('h1')?.textContent,
      styles: document.styleSheets.length,
      handlers: [...document.querySelectorAll('*')].flatMap(({ attributes }) =>
        [...attributes].filter(({ name }) => name.startsWith('on')).map(({ name }) => name),
      ),
    }));
    expect(page_).toEqual({
      scripts: 0,
      links: 0,
      images: ['data:image/png; 1'],
      heading: SERIAL,
      styles: 1,
      handlers: [],
    });
    expect(asked.filter((one) => one !== address && !one.startsWith('data:'))).toEqual([]);
    expect(trouble).toEqual([]);
    expect(await page.title()).toBe(`${SERIAL} · FAIL`);
    // The policy in it has not broken its own looks.
    expect(await page.evaluate(() => getComputedStyle(document.querySelector('.verdict')!).borderTopWidth)).toBe('3px');
  });

  test('36: nothing for axe to find, and what failed stands first, in words', async () => {
    const runs = [recorded('fail'), recorded('curve')].map((record) => ({ row: row(3), record, files: [] }));
    await open(writeReport(runs));
    if (SHOTS) await page.screenshot({ path: join(SHOTS, 'report.png'), fullPage: true });
    expect(await axeViolations(page)).toEqual([]);
    expect(await page.locator('.verdict').first().textContent()).toContain('Rail 3V3 is 3.05');
    expect(await page.locator('section.run').count()).toBe(2);
    await open(writeReport([hostileRun()]));
    expect(await axeViolations(page)).toEqual([]);
  });

  test.each(['A4', 'Letter'] as const)('36: on %s no row is cut, and a run begins a page', async (format) => {
    const runs = [hostileRun(6), { row: row(3), record: recorded('curve'), files: [] }];
    await open(writeReport(runs));
    await page.emulateMedia({ media: 'print' });
    const breaks = await page.evaluate(() => {
      const of = (selector: string) => getComputedStyle(document.querySelector(selector)!);
      return [
        of('tbody tr').breakInside,
        of('h3').breakAfter,
        of('section.run + section.run').breakBefore,
        of('thead').display,
      ];
    });
    expect(breaks).toEqual(['avoid', 'avoid', 'page', 'table-header-group']);
    const path = join(SHOTS ?? folder, `report-${format}.pdf`);
    const pdf = await page.pdf({ path, format, printBackground: true });
    await page.emulateMedia({ media: null });
    const pages = pdf.toString('latin1').match(/\/Type\s*\/Page\b/g)?.length ?? 0;
    expect(pages).toBeGreaterThanOrEqual(3);
    expect(pages).toBeLessThan(14);
    const { width } = format === 'A4' ? { width: 595 } : { width: 612 };
    expect(pdf.toString('latin1')).toMatch(new RegExp(`/MediaBox\\s*\\[0 0 ${width}`));
  });
});
