/** What comes last to the operator's screen, before a picture of it is taken: the camera's button, which this browser has. */
import type { Page } from '@playwright/test';

/** One that is barred, or not a station, never has it. */
const PATIENCE_MS = 5_000;

export async function lastPart(page: Page): Promise<void> {
  if (!(await page.getByTestId('serial-input').isVisible())) return;
  const button = page.getByTestId('scan-camera-button');
  await button.waitFor({ timeout: PATIENCE_MS }).catch(() => {});
}
