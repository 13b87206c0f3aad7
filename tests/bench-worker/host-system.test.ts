import { expect, test } from 'vitest';
import { hostSystem } from '../../src/bench-worker/host-system.ts';

const agent = (system: string) =>
  `Mozilla/5.0 (${system}) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36`;

test.each([
  ['Windows NT 10.0; Win64; x64', 'windows'],
  ['Macintosh; Intel Mac OS X 10_15_7', 'macos'],
  ['X11; Linux x86_64', 'linux'],
  ['X11; CrOS x86_64 14541.0.0', 'chromeos'],
  ['Linux; Android 10; K', 'android'],
  ['PlayStation', 'unknown'],
])('%s is %s', (system, name) => {
  expect(hostSystem({ userAgent: agent(system) })).toBe(name);
});

test.each([
  ['Windows', 'windows'],
  ['macOS', 'macos'],
  ['Linux', 'linux'],
  ['Chrome OS', 'chromeos'],
  ['Android', 'android'],
])('what the browser names itself counts first: %s', (platform, name) => {
  expect(hostSystem({ userAgent: agent('X11; Linux x86_64'), userAgentData: { platform } })).toBe(name);
});
