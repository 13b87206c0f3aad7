/**
 * The page as a person at the station uses it, by the handles of the contract and nothing else.
 *
 * Above it: the browser tests. Knows nothing of how the page is made.
 */
import { expect, type Locator, type Page } from '@playwright/test';

export type Outcome = 'PASS' | 'FAIL' | 'ERROR' | 'TIMEOUT' | 'ABORTED';

export interface Verdict {
  readonly outcome: Outcome;
  readonly runId: string;
  /** Everything that the verdict says. */
  readonly text: string;
}

export interface QueueCounts {
  readonly waiting: number;
  readonly parked: number;
  readonly uploadedToday: number;
}

/** Many times a cold start on a machine with two cores: what takes longer hangs. */
export const READY_MS = 60_000;
/** For one more run of a queue: a doubtful one waits for its second look, 90 s where a fleet says nothing else. */
const STAND_STILL_MS = 180_000;

export class StationPage {
  readonly page: Page;
  readonly origin: string;

  constructor(page: Page, origin: string) {
    this.page = page;
    this.origin = origin;
  }

  handle(name: string): Locator {
    return this.page.getByTestId(name);
  }

  get input(): Locator {
    return this.handle('serial-input').first();
  }

  async open(path = '/'): Promise<void> {
    await this.page.goto(this.origin + path);
  }

  /** Opens the operator screen and waits until it takes a scan from this station. */
  async ready(station: string, path = '/'): Promise<void> {
    await this.open(path);
    await expect(this.handle('station')).toContainText(station, { timeout: READY_MS });
    await expect(this.input).toBeEnabled({ timeout: READY_MS });
  }

  /** The service worker controls the page, so the next load needs no network. */
  async offlineReady(): Promise<void> {
    await this.page.evaluate(async () => {
      await navigator.serviceWorker.ready;
      if (navigator.serviceWorker.controller) return;
      await new Promise((resolve) =>
        navigator.serviceWorker.addEventListener('controllerchange', resolve, { once: true }),
      );
    });
  }

  async fixtureIs(state: string, plug = 'fixture'): Promise<void> {
    const fixture = this.page.locator(`[data-testid=fixture][data-plug=${plug}]`).first();
    await expect(fixture).toHaveAttribute('data-state', state, { timeout: READY_MS });
  }

  /** As a scanner does it: characters, then Enter. */
  async scan(serial: string): Promise<void> {
    await this.input.fill(serial);
    await this.input.press('Enter');
  }

  /** The verdict that is shown now; null while there is none. */
  async shown(): Promise<Verdict | null> {
    const verdict = this.page.locator('[data-testid=verdict][data-outcome]').first();
    if ((await verdict.count()) === 0) return null;
    const [outcome, runId, text] = [
      await verdict.getAttribute('data-outcome'),
      await verdict.getAttribute('data-run-id'),
      await verdict.innerText(),
    ];
    return outcome && runId ? { outcome: outcome as Outcome, runId, text } : null;
  }

  /** Waits for the verdict of a run that is not the one of `after`. */
  async verdict({
    after,
    timeoutMs = READY_MS,
  }: { after?: Verdict | null; timeoutMs?: number } = {}): Promise<Verdict> {
    let found: Verdict | null = null;
    await expect
      .poll(
        async () => {
          found = await this.shown();
          return found !== null && found.runId !== after?.runId;
        },
        { message: 'a verdict is shown', timeout: timeoutMs, intervals: [50] },
      )
      .toBe(true);
    return found!;
  }

  /** Scans and waits for the verdict of that run. */
  async test(serial: string, options: { timeoutMs?: number } = {}): Promise<Verdict> {
    const after = await this.shown();
    await this.scan(serial);
    return this.verdict({ ...options, after });
  }

  async queue(): Promise<QueueCounts> {
    const queue = this.handle('queue').first();
    const count = async (name: string) => Number((await queue.getAttribute(name, { timeout: READY_MS })) ?? Number.NaN);
    return {
      waiting: await count('data-waiting'),
      parked: await count('data-parked'),
      uploadedToday: await count('data-uploaded-today'),
    };
  }

  async queueBecomes(counts: Partial<QueueCounts>, timeoutMs = READY_MS): Promise<void> {
    await this.#orElseTheQueue(() => expect.poll(() => this.queue(), { timeout: timeoutMs }).toMatchObject(counts));
  }

  /** Waits until nothing is left to send, for as long as it goes on: how fast is the machine's business. */
  async queueEmpties(standStillMs = STAND_STILL_MS): Promise<void> {
    for (let last = await this.queue(); last.waiting > 0;) {
      const before = last.uploadedToday + last.parked;
      const goesOn = async () => {
        last = await this.queue();
        return last.waiting === 0 || last.uploadedToday + last.parked > before;
      };
      await this.#orElseTheQueue(() =>
        expect.poll(goesOn, { message: 'the queue goes on', timeout: standStillMs }).toBe(true),
      );
    }
  }

  /** A queue that stands still says what its runs wait for. */
  async #orElseTheQueue(wait: () => Promise<void>): Promise<void> {
    try {
      await wait();
    } catch (thrown) {
      await this.page.evaluate(() => {
        history.pushState(null, '', '/queue');
        dispatchEvent(new PopStateEvent('popstate'));
      });
      await this.handle('queue-row')
        .first()
        .waitFor({ timeout: 10_000 })
        .catch(() => undefined);
      const rows = await this.handle('queue-row').evaluateAll((found) =>
        found
          .slice(0, 5)
          .map((row) =>
            [JSON.stringify({ ...(row as HTMLElement).dataset }), (row as HTMLElement).innerText].join('\n'),
          ),
      );
      throw new Error([(thrown as Error).message, ...rows].join('\n\n'), { cause: thrown });
    }
  }

  async connectionIs(state: 'online' | 'offline' | 'refused'): Promise<void> {
    await expect(this.handle('connection').first()).toHaveAttribute('data-state', state, { timeout: READY_MS });
  }

  /** Waits for a refusal and gives its code. */
  async refusal(): Promise<string> {
    const refusal = this.handle('refusal').first();
    await expect(refusal).toBeVisible({ timeout: READY_MS });
    expect((await refusal.innerText()).trim(), 'a refusal says why').not.toBe('');
    return (await refusal.getAttribute('data-code')) ?? '';
  }

  async notice(code: string): Promise<Locator> {
    const notice = this.page.locator(`[data-testid=notice][data-code="${code}"]`).first();
    await expect(notice).toBeVisible({ timeout: READY_MS });
    return notice;
  }
}
