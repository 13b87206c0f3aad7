/** The camera of a tablet as a scanner, in a real browser: a picture with a label in it is one scan. */
import type { Page } from '@playwright/test';
import encodeQR from 'qr';
import { describe, expect, test } from 'vitest';
import type { StationNews } from '#engine/link/station-link.ts';
import { chromium, hands, HANGS_MS } from './gallery/hands.ts';
import { headerOf, READY } from './gallery/samples.ts';

/** Pixels of one module of a code, and modules of its quiet zone beside the one that comes with it. */
const [MODULE_PX, QUIET] = [8, 3];

describe.skipIf(!chromium)('the camera as a scanner', { timeout: 2 * HANGS_MS }, () => {
  let page: Page;
  const { open, handle, tell, calls } = hands((fresh) => (page = fresh));
  const button = () => page.getByRole('button', { name: 'Scan with the camera' });
  const panel = () => page.getByRole('region', { name: 'Camera' });

  /** From now on the camera shows this label. @returns whether it is on */
  async function putInFront(label: string): Promise<() => Promise<boolean>> {
    await page.evaluate(
      ({ modules, MODULE_PX, QUIET }) => {
        const canvas = document.createElement('canvas');
        const side = (modules.length + 2 * QUIET) * MODULE_PX;
        [canvas.width, canvas.height] = [side * 2, side];
        const context = canvas.getContext('2d')!;
        const draw = () => {
          context.fillStyle = '#ddd';
          context.fillRect(0, 0, canvas.width, side);
          context.fillStyle = '#222';
          for (const [y, row] of modules.entries())
            for (const [x, isDark] of row.entries())
              if (isDark)
                context.fillRect(side / 2 + (x + QUIET) * MODULE_PX, (y + QUIET) * MODULE_PX, MODULE_PX, MODULE_PX);
        };
        setInterval(draw, 50);
        draw();
        const streams: MediaStream[] = [];
        navigator.mediaDevices.getUserMedia = async () => {
          const stream = canvas.captureStream(20);
          streams.push(stream);
          return stream;
        };
        Object.assign(window, { streams });
      },
      { modules: encodeQR(label, 'raw', { border: 1 }), MODULE_PX, QUIET },
    );
    return () =>
      page.evaluate(() =>
        (window as unknown as { streams: MediaStream[] }).streams.some((stream) =>
          stream.getTracks().some(({ readyState }) => readyState === 'live'),
        ),
      );
  }

  test('rule 27: one label is one scan, and then the camera is off', async () => {
    await open('idle');
    const isOn = await putInFront('SN-000200');
    await button().click();
    await expect.poll(() => calls('start')).toEqual([['SN-000200']]);
    await panel().waitFor({ state: 'detached' });
    expect(await isOn()).toBe(false);
    expect(await handle('serial-input').evaluate((field) => field === document.activeElement)).toBe(true);
    await page.waitForTimeout(500);
    expect(await calls('start'), 'the label still lies there').toHaveLength(1);
  });

  test('read while a unit is tested, it is kept as next', async () => {
    await open('idle');
    const running: StationNews = { kind: 'view', change: { ...READY, running: true } };
    await tell(running, { kind: 'run', slot: '1', events: [{ kind: 'run-started', header: headerOf('SN-1') }] });
    await putInFront('SN-000201');
    await button().click();
    await expect.poll(() => handle('serial-input').inputValue()).toBe('SN-000201');
    await page.getByText('Kept as next.').waitFor();
    expect(await calls('start')).toEqual([]);
  });

  test('where the browser has a reader of its own, labels of every kind are read as they are, and twice alike', async () => {
    await page.addInitScript(() => {
      class BarcodeDetector {
        static getSupportedFormats = async () => ['aztec', 'code_128', 'data_matrix', 'qr_code', 'unknown'];
        constructor({ formats }: { formats: string[] }) {
          Object.assign(window, { formats });
        }
        #pictures = 0;
        detect = async () => {
          // Misread at first, as a bar code without a check can be.
          const rawValue = ++this.#pictures === 1 ? '4711' : '\u001d01095060001343522112345678';
          return [{ rawValue }];
        };
      }
      Object.assign(window, { BarcodeDetector });
    });
    await open('idle');
    await putInFront('not looked at');
    await button().click();
    await expect.poll(() => calls('start')).toEqual([['\u001d01095060001343522112345678']]);
    const formats = await page.evaluate(() => (window as unknown as { formats: string[] }).formats);
    expect(formats.toSorted()).toEqual(['aztec', 'code_128', 'data_matrix', 'qr_code']);
  });

  test('a camera that may not be used is said, with what does as well', async () => {
    await open('idle');
    await page.evaluate(() => {
      navigator.mediaDevices.getUserMedia = async () => {
        throw new DOMException('no', 'NotAllowedError');
      };
    });
    await button().click();
    const word = page.getByTestId('scan-camera-word');
    await word.waitFor();
    expect(await word.getAttribute('data-code')).toBe('camera-blocked');
    expect(await word.textContent()).toContain('handheld scanner');
    expect(await page.locator('video').isVisible()).toBe(false);
    await page.keyboard.press('Escape');
    await panel().waitFor({ state: 'detached' });
    expect(await button().getAttribute('aria-expanded')).toBe('false');
  });

  test('closed before it has read anything, it is off; a scanner works all the while', async () => {
    await open('idle');
    const isOn = await putInFront('SN-000202');
    // A picture without a code: nothing is read until it is closed.
    await page.evaluate(() => {
      navigator.mediaDevices.getUserMedia = async () => {
        const stream = document.createElement('canvas').captureStream(20);
        (window as unknown as { streams: MediaStream[] }).streams.push(stream);
        return stream;
      };
    });
    await button().click();
    await expect.poll(isOn).toBe(true);
    await page.keyboard.type('SN-000203\n', { delay: 2 });
    expect(await calls('start')).toEqual([['SN-000203']]);
    await panel().getByRole('button', { name: 'Stop the camera' }).click();
    await expect.poll(isOn).toBe(false);
  });

  test('rule 27: a machine without a camera shows no button', async () => {
    await page.addInitScript(() => {
      navigator.mediaDevices.enumerateDevices = async () => [];
    });
    await open('idle');
    await page.evaluate(() => new Promise((done) => requestIdleCallback(() => setTimeout(done, 50))));
    expect(await button().count()).toBe(0);
  });
});
