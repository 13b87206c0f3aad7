import { connect } from 'node:net';
import { describe, expect, test, vi } from 'vitest';
import { readSettings } from '#server/settings.ts';
import { jsonRequest, runBody, server, upstream } from './support.ts';

describe('settings', () => {
  test('21: unset and empty settings have their defaults', () => {
    expect(readSettings({ PORT: '', HOST: ' ' })).toMatchObject({
      port: 4173,
      host: '127.0.0.1',
      tofupilotUrl: undefined,
      relayKeysFile: undefined,
      publicUrl: undefined,
      logLevel: 'info',
      fleetDir: expect.stringMatching(/examples.fleet$/),
      appDir: expect.stringMatching(/dist.app$/),
    });
    expect(readSettings({ TOFUPILOT_URL: 'https://www.tofupilot.app/api/' }).tofupilotUrl).toBe(
      'https://www.tofupilot.app/api',
    );
    expect(readSettings({ PUBLIC_URL: 'https://station.example/' }).publicUrl).toBe('https://station.example');
    expect(readSettings({}).peers).toEqual([]);
    expect(readSettings({ PEER_SERVERS: 'http://a.example:4173/, https://b.example,' }).peers).toEqual([
      'http://a.example:4173',
      'https://b.example',
    ]);
  });

  test('21: a wrong one is one line that names it, and repeats no secret', () => {
    const wrong: [string, string][] = [
      ['PORT', '70000'],
      ['PORT', '4173x'],
      ['PORT', '-1'],
      ['LOG_LEVEL', 'loud'],
      ['TOFUPILOT_URL', 'www.tofupilot.app'],
      ['TOFUPILOT_URL', 'ftp://x.example'],
      ['TOFUPILOT_URL', 'https://ana:secret@x.example/api'],
      ['TOFUPILOT_URL', 'https://x.example/api/v2'],
      ['TOFUPILOT_URL', 'https://x.example/api?key=1'],
      ['PUBLIC_URL', 'https://x.example/station'],
      ['RELAY_KEYS_FILE', 'keys.yaml'],
      ['PEER_SERVERS', 'http://a.example:4173, b.example'],
      ['PEER_SERVERS', 'http://a.example/fleet'],
    ];
    for (const [name, value] of wrong)
      expect(() => readSettings({ [name]: value }), `${name}=${value}`).toThrow(
        expect.objectContaining({
          code: 'setting-invalid',
          message: expect.stringMatching(new RegExp(`^${name} (?!.*secret)[^\n]*$`)),
        }),
      );
  });

  test('21: a missing app and a taken port end the start', async () => {
    await expect(server({}, { 'other.txt': '' })).rejects.toMatchObject({ code: 'app-missing' });
    const { port } = await server();
    await expect(server({ PORT: String(port) })).rejects.toMatchObject({
      code: 'address-taken',
      message: `Port ${port} is taken.`,
    });
  });
});

describe('the end', () => {
  test('22: within five seconds, with a silent connection, a hanging upstream, a slow answer and half a request', async () => {
    const far = await upstream(() => undefined);
    const relayed = await server({ TOFUPILOT_URL: far.url });
    const hanging = relayed.ask('/tofupilot/v2/runs').catch((thrown: unknown) => thrown);
    const silent = connect(relayed.port, '127.0.0.1');
    const half = connect(relayed.port, '127.0.0.1');
    silent.on('error', () => undefined);
    half.on('error', () => undefined);
    half.write('POST /tofupilot/v2/runs HTTP/1.1\r\nhost: x\r\ncontent-length: 10\r\n\r\nabc');
    const slow = await server();
    await slow.ask('/sandbox/faults', jsonRequest('POST', { fault: 'slow', on: true, seconds: 600 }));
    const waiting = slow.ask('/tofupilot/v2/runs', jsonRequest('POST', runBody())).catch((thrown: unknown) => thrown);
    await vi.waitFor(() => expect(far.seen.length).toBe(2));
    const startedMs = performance.now();
    await Promise.all([relayed.close(), slow.close(), relayed.close()]);
    expect(performance.now() - startedMs).toBeLessThan(3500);
    expect(await hanging).toBeDefined();
    expect(await waiting).toBeDefined();
    await expect(relayed.ask('/healthz')).rejects.toThrow();
    silent.destroy();
    half.destroy();
  }, 10_000);

  test('22: an answer under way is let finish', async () => {
    const far = await upstream((_incoming, outgoing) => void setTimeout(() => outgoing.end('whole'), 300));
    const running = await server({ TOFUPILOT_URL: far.url });
    const answer = running.ask('/tofupilot/v2/runs').then((got) => got.text());
    await vi.waitFor(() => expect(far.seen.length).toBe(1));
    const closing = running.close();
    expect(await answer).toBe('whole');
    await closing;
  });
});

describe('what it tells', () => {
  test('23: logs and metrics hold no key, body or token', async () => {
    const lines: string[] = [];
    const printed = vi.spyOn(console, 'log').mockImplementation((line: string) => void lines.push(line));
    const { ask } = await server({ LOG_LEVEL: 'debug' });
    await ask('/tofupilot/v2/runs', jsonRequest('POST', runBody(), 'secret-key'));
    const opened = (await (
      await ask('/tofupilot/v2/attachments', jsonRequest('POST', { name: 'a.csv' }, 'secret-key'))
    ).json()) as Record<string, string>;
    await ask(new URL(opened['upload_url'] ?? '').pathname, { method: 'PUT', body: 'x' });
    await ask('/assets/<script>');
    const text = lines.join('\n') + (await (await ask('/metrics')).text());
    printed.mockRestore();
    for (const secret of ['secret-key', 'SN-000123', opened['upload_url']?.split('/').at(-1), 'script'])
      expect(text).not.toContain(secret);
    expect(text).toContain('fieldbench_http_requests_total{route="tofupilot",status="200"} 2');
    expect(text).toContain('fieldbench_http_requests_total{route="upload",status="200"} 1');
    expect(text).toMatch(/fieldbench_build_info\{version="[^"]+"\} 1/);
    for (const line of lines.filter((one) => one.startsWith('{'))) expect(JSON.parse(line)).toHaveProperty('event');
    expect(lines.filter((one) => !one.startsWith('{'))).toEqual([
      expect.stringMatching(/^Fieldbench is ready: http:\/\/localhost:\d+$/),
    ]);
  });

  test('23: telemetry becomes log lines that cannot pass for the server’s own', async () => {
    const lines: string[] = [];
    const printed = vi.spyOn(console, 'log').mockImplementation((line: string) => void lines.push(line));
    const { ask } = await server({ LOG_LEVEL: 'info' });
    const send = (path: string, body: string) => ask(path, { method: 'POST', body });
    expect((await send('/telemetry/heartbeat', '{"station":"a","event":"stopped"}')).status).toBe(204);
    expect(
      (await send('/telemetry/logs', '{"station":"a","entries":[{"message":"one\\ntwo"},{"message":"three"}]}')).status,
    ).toBe(204);
    expect((await send('/telemetry/logs', '[{"message":"four"}]')).status).toBe(204);
    for (const [body, status] of [
      ['x', 400],
      ['1', 400],
      ['[1]', 400],
      [`"${'x'.repeat(70_000)}"`, 413],
    ] as const)
      expect((await send('/telemetry/heartbeat', body)).status).toBe(status);
    expect((await ask('/telemetry/logs')).status).toBe(404);
    printed.mockRestore();
    const said = lines
      .filter((line) => line.includes('"said"'))
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(said.map(({ event, said: entry }) => [event, entry])).toEqual([
      ['heartbeat', { station: 'a', event: 'stopped' }],
      ['station-log', { station: 'a', message: 'one\ntwo' }],
      ['station-log', { station: 'a', message: 'three' }],
      ['station-log', { message: 'four' }],
    ]);
  });

  test('24: another site’s page changes nothing here', async () => {
    const { ask } = await server();
    for (const site of ['cross-site', 'same-site'])
      for (const path of ['/sandbox/faults', '/telemetry/logs', '/tofupilot/v2/runs']) {
        const init = jsonRequest('POST', {});
        expect(
          (await ask(path, { ...init, headers: { ...(init.headers as object), 'sec-fetch-site': site } })).status,
        ).toBe(403);
      }
    expect((await ask('/', { headers: { 'sec-fetch-site': 'cross-site' } })).status).toBe(200);
  });
});
