/**
 * Emergency stop by a page whose worker is slow, hangs, or refuses.
 */
import { afterEach, describe, expect, test, vi } from 'vitest';
import { EmergencyDesk } from '#ui/operator/emergency-desk.svelte.ts';
import type { StationState } from '#ui/station-state.svelte.ts';

function deskWith(emergencyStop: () => Promise<void>) {
  const restart = vi.fn();
  const station = { flush: () => {}, slots: [], port: { call: { emergencyStop }, restart } };
  return { desk: new EmergencyDesk(station as unknown as StationState), restart };
}

const after = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

function stall(ms: number): void {
  const untilMs = performance.now() + ms;
  while (performance.now() < untilMs);
}

afterEach(() => void vi.useRealTimers());

describe('rule 13: the emergency stop', () => {
  test('restarts the worker that has not answered for a second, once', async () => {
    vi.useFakeTimers();
    const { desk, restart } = deskWith(() => new Promise(() => {}));
    desk.press();
    await vi.advanceTimersByTimeAsync(900);
    expect(restart).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(5_000);
    expect(restart).toHaveBeenCalledOnce();
  });

  test('leaves the worker that answers within it', async () => {
    vi.useFakeTimers();
    const { desk, restart } = deskWith(() => after(850));
    desk.press();
    await vi.advanceTimersByTimeAsync(5_000);
    expect(restart).not.toHaveBeenCalled();
  });

  test('restarts one that refuses, at once', async () => {
    const { desk, restart } = deskWith(() => Promise.reject(new Error('no')));
    desk.press();
    await after(0);
    expect(restart).toHaveBeenCalledOnce();
  });

  test('does not take the slowness of the machine for a worker that hangs', async () => {
    // The answer waits behind what holds the page up, and so would a timer of a second, in front of it.
    const { desk, restart } = deskWith(() => after(1_300));
    desk.press();
    stall(1_400);
    await after(500);
    expect(restart).not.toHaveBeenCalled();
  });
});
