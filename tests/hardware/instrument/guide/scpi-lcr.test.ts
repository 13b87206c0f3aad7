/** The driver of docs/guides/drivers.md works as the guide says, and the guide says what stands here. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { ScpiInstrument } from '#hardware/instrument/scpi/scpi.ts';
import { twinSession } from '../twin-session.ts';
import { SCPI_LCR } from './scpi-lcr.ts';
import { lcrTwin } from './twin.ts';

const never = new AbortController().signal;

test('an LCR meter reads what is in its clamps, and refuses what it has not', async () => {
  const wire = twinSession(lcrTwin());
  const lcr = new ScpiInstrument('lcr', wire, SCPI_LCR);
  await lcr.set('function', 'capacitance', never);
  await lcr.set('frequency', 1e5, never);
  expect(await lcr.read('capacitance', never)).toBe('1e-7');
  expect(wire.sent).toContain('FREQ 100000');
  await expect(lcr.set('function', 'resistance', never)).rejects.toMatchObject({ code: 'unsupported' });
});

test('the guide shows these very files', () => {
  const own = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8');
  const guide = own('../../../../docs/guides/drivers.md');
  for (const file of ['./scpi-lcr.ts', './twin.ts']) expect(guide).toContain(`\`\`\`ts\n${own(file)}\`\`\``);
});
