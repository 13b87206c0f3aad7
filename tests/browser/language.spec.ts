/**
 * The station in other languages: from the scan to the verdict, changed on the spot, without a network, and with what
 * is sent and what machines read unchanged.
 */
import { axeViolations } from '../support/axe.ts';
import { StationPage } from '../support/station-page.ts';
import { expect, night, test } from './stage.ts';

const WORDS = {
  de: { ready: 'Bereit', testing: 'Prüfling', start: 'Start', stop: 'Stopp', under: 'liegt unter dem Grenzwert' },
  'zh-TW': { ready: '就緒', testing: '待測品', start: '開始', stop: '停止', under: '低於下限' },
  he: { ready: 'מוכן', testing: 'יחידה', start: 'התחלה', stop: 'עצירה', under: 'מתחת לגבול' },
} as const;

/** The most different from English; by night each of them. */
const FLOWS = Object.entries(WORDS).filter(([tag]) => tag === 'he' || process.env['FIELDBENCH_NIGHTLY']);
for (const [tag, words] of FLOWS) {
  test(`${tag}: chosen under Settings, from the scan to the verdict, and after a reload without a network`, async ({
    stage,
  }) => {
    const { origin } = await stage.server();
    const { page } = await stage.browser({ origin });
    const complaints: string[] = [];
    page.on('console', (message) => ['error', 'warning'].includes(message.type()) && complaints.push(message.text()));
    const station = new StationPage(page, origin);
    await station.open('/');
    await station.fixtureIs('ready');
    await station.offlineReady();
    const fetched: string[] = [];
    page.on('request', (request) => fetched.push(new URL(request.url()).pathname));
    await page.evaluate(() => Object.assign(window, { isSamePage: true }));

    // The menu's links load nothing anew.
    await page.locator('[popovertarget=places]').click();
    await page.locator('#places a[href="/settings"]').click();
    await page.getByTestId('language').selectOption(tag);
    await expect(page.locator('html')).toHaveAttribute('lang', tag);
    await expect(page.locator('html')).toHaveAttribute('dir', tag === 'he' ? 'rtl' : 'ltr');
    await page.locator('[popovertarget=places]').click();
    await page.locator('#places a[href="/"]').click();
    await expect(page.getByTestId('verdict')).toContainText(words.ready);
    await expect(page.getByTestId('start')).toHaveText(words.start);
    expect(await page.evaluate(() => 'isSamePage' in window)).toBe(true);
    const others = fetched.filter((path) =>
      /\/(de|fr|es|pt|it|pl|cs|zh-TW|zh-CN|ja|ko|vi|th|he)-[\w-]+\.js$/.test(path),
    );
    expect(new Set(others).size, others.join()).toBe(1);

    await station.scan('SN-000113');
    const failed = await station.verdict();
    expect(failed.outcome).toBe('FAIL');
    await expect(page.getByTestId('verdict')).toContainText(words.under);
    const measurement = page.locator('[data-testid=measurement][data-outcome=FAIL]').first();
    expect(await measurement.getAttribute('data-value')).toMatch(/^\d+\.\d+$/);
    await expect(measurement).toContainText(tag === 'de' ? /\d,\d/ : /\d\.\d/);
    expect(await axeViolations(page)).toEqual([]);

    await page.context().setOffline(true);
    await page.reload();
    await expect(page.locator('html')).toHaveAttribute('lang', tag);
    await expect(page.getByTestId('start')).toHaveText(words.start);
    await page.context().setOffline(false);
    expect((await station.test('SN-000123')).outcome).toBe('PASS');
    await station.queueBecomes({ waiting: 0 });
    const sandbox = await (await fetch(`${origin}/sandbox`)).text();
    expect(sandbox).toContain('SN-000113');
    expect(sandbox, 'what is sent is in English').not.toContain(words.under);
    expect(complaints.filter((text) => !text.includes('ERR_INTERNET_DISCONNECTED'))).toEqual([]);
  });
}

test('18: while a unit is under test the words change, and the run goes on', night, async ({ stage }) => {
  const fleet = stage.fleet({ simulated: true, lingerMs: 3_000 });
  const upstream = await stage.upstream();
  const { origin } = await stage.server({ env: { TOFUPILOT_URL: upstream.url, FLEET_DIR: fleet } });
  const { page } = await stage.browser({ origin });
  const station = new StationPage(page, origin);
  await station.open(stage.enrolment());
  await station.fixtureIs('ready');
  await station.scan('SN-000123');
  await expect(page.getByTestId('stop')).toHaveText('Stop');
  await page.locator('[popovertarget=places]').click();
  await page.locator('#places a[href="/settings"]').click();
  await page.getByTestId('language').selectOption('de');
  await expect(page.getByTestId('stop')).toHaveText('Stopp');
  await page.getByTestId('language').selectOption('en');
  await expect(page.getByTestId('stop')).toHaveText('Stop');
  await page.getByTestId('language').selectOption('ja');
  await expect(page.getByTestId('stop')).toHaveText('停止');
  await page.locator('[popovertarget=places]').click();
  await page.locator('#places a[href="/"]').click();
  expect((await station.verdict()).outcome).toBe('PASS');
  await expect.poll(() => upstream.runs.length).toBe(1);
  expect(JSON.stringify(upstream.runs[0]), 'what is sent knows no language').not.toMatch(
    /\p{Script=Han}|\p{Script=Katakana}|ü|ä/u,
  );
});

/** Asks for these, as a browser that is set to them. */
const asking = (languages: readonly string[]) => `
  Object.defineProperty(navigator, 'languages', { get: () => ${JSON.stringify(languages)} });
  Object.defineProperty(navigator, 'language', { get: () => ${JSON.stringify(languages[0])} });`;

for (const [languages, tag, ready] of [
  [['nl', 'it-CH'], 'it', 'Pronta'],
  [['nl', 'sv'], 'en', 'Ready'],
] as const)
  test(`16: a browser that asks for ${languages.join()} gets ${tag}`, tag === 'en' ? night : {}, async ({ stage }) => {
    const { origin } = await stage.server();
    const { page } = await stage.browser({ origin });
    await page.addInitScript(asking(languages));
    const station = new StationPage(page, origin);
    await station.open('/');
    await station.fixtureIs('ready');
    await expect(page.getByTestId('verdict')).toContainText(ready);
    await expect(page.locator('html')).toHaveAttribute('lang', tag);
  });

test('English loads nothing of it', night, async ({ stage }) => {
  const { origin } = await stage.server();
  const { page } = await stage.browser({ origin });
  const fetched: string[] = [];
  page.on('request', (request) => fetched.push(new URL(request.url()).pathname));
  const station = new StationPage(page, origin);
  await station.open('/');
  await station.fixtureIs('ready');
  expect((await station.test('SN-000123')).outcome).toBe('PASS');
  expect(fetched.filter((path) => /\/(speak|de|fr|ja|he|th)-[\w-]+\.js$/.test(path))).toEqual([]);
});
