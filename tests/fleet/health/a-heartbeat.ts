/** A heartbeat as a healthy station sends it; a test changes what it is about. */
import type { Heartbeat } from '#fleet/health/heartbeat.ts';

export function heartbeat(change: Partial<Heartbeat> = {}): Heartbeat {
  return {
    format: 1,
    station: 'taipei-line1-042',
    installation: '3f0e8a52-7c1b-4a8e-9d55-0b6f2f4f1c01',
    session: '9b1d6c1e-58a2-4c0d-8a57-5f0f6f1c2d11',
    since: '2026-11-01T08:00:00.000Z',
    term: 0,
    started_at: '2026-11-20T07:55:00.000Z',
    sent_at: '2026-11-20T08:00:00.000Z',
    app_version: '0.1.0',
    browser: 'Chrome 156.0.8078.79',
    system: 'linux',
    procedure: { folder: 'power-board', version: '3.2.0', release: `sha256:${'4f'.repeat(32)}` },
    configuration: `sha256:${'a1'.repeat(32)}`,
    connection: 'online',
    simulated: false,
    running: false,
    stopped: false,
    queue: { waiting: 0, parked: 0, oldest_at: null },
    disk: { quota_bytes: 60e9, usage_bytes: 40e6 },
    persisted: true,
    clock_offset_ms: 12,
    fixtures: [{ plug: 'fixture', state: 'ready' }],
    fixture_losses: 0,
    last_seq: 812,
    last_run: { seq: 812, ended_at: '2026-11-20T07:59:20.000Z', outcome: 'PASS' },
    runs: { PASS: 790, FAIL: 20, ERROR: 1, TIMEOUT: 0, ABORTED: 1 },
    refusals: { 'serial-pattern': 4 },
    faults: {},
    starts: 9,
    crashes: 1,
    battery: null,
    ...change,
  };
}
