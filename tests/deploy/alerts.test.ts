/**
 * The files that operators take over: alert rules and dashboards speak of what the server tells, and a real Prometheus
 * fires when a station falls silent.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test, vi } from 'vitest';
import { parse } from 'yaml';
import type { Heartbeat } from '#fleet/health/heartbeat.ts';
import { Metrics } from '#server/metrics.ts';
import { HEALTH_METRICS } from '#server/stations/station-metrics.ts';
import { heartbeat } from '../fleet/health/a-heartbeat.ts';
import { writeFleetFolder } from '../support/fleet-folder.ts';
import { noPrometheus, Prometheus, promtool } from '../support/prometheus.ts';
import { Server } from '../support/server.ts';
import { mustSkip } from '../virtual-devices/machine.ts';

const DEPLOY = new URL('../../deploy/', import.meta.url).pathname;
const RULES = join(DEPLOY, 'prometheus/fieldbench.rules.yml');
const TESTS = join(DEPLOY, 'prometheus/fieldbench.rules.test.yml');
const reason = noPrometheus();

interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly annotations: Readonly<Record<string, string>>;
}
interface RuleTest {
  readonly alert_rule_test: readonly { readonly alertname: string; readonly exp_alerts?: readonly unknown[] }[];
}
const rules = (parse(readFileSync(RULES, 'utf8')) as { groups: { rules: Rule[] }[] }).groups.flatMap(
  ({ rules: all }) => all,
);
const ruleTests = (parse(readFileSync(TESTS, 'utf8')) as { tests: RuleTest[] }).tests.flatMap(
  (one) => one.alert_rule_test,
);
const config = () =>
  parse(readFileSync(join(DEPLOY, 'prometheus/prometheus.yml'), 'utf8')) as {
    global: Record<string, string>;
    rule_files: string[];
    scrape_configs: { static_configs: { targets: string[] }[] }[];
  };
const dashboards = readdirSync(join(DEPLOY, 'grafana')).filter((name) => name.endsWith('.json'));

/** What the server emits, and what Prometheus itself does. */
const EMITTED = new Set([
  ...HEALTH_METRICS,
  ...[...new Metrics('1', () => 0).text().matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name!),
  'up',
]);
const namesIn = (expression: string) =>
  [...expression.matchAll(/\b(?:fieldbench_[a-z_]+|up)\b/g)].map(([name]) => name);

describe('alert rules', () => {
  test('speak of metrics that the server emits', () => {
    for (const { alert, expr } of rules) {
      const names = namesIn(expr);
      expect(names.length, alert).toBeGreaterThan(0);
      for (const name of names) expect(EMITTED, alert).toContain(name);
    }
  });

  test.each(rules.map(({ alert }) => alert))(
    '%s has a test in which it fires, and one in which it does not',
    (alert) => {
      const own = ruleTests.filter(({ alertname }) => alertname === alert);
      expect(own.some(({ exp_alerts: expected }) => (expected?.length ?? 0) > 0)).toBe(true);
      expect(own.some(({ exp_alerts: expected }) => (expected?.length ?? 0) === 0)).toBe(true);
    },
  );

  test('each says what to do, and where it is explained', () => {
    const guide = readFileSync(new URL('../../docs/guides/monitoring.md', import.meta.url), 'utf8');
    const anchors = [...guide.matchAll(/^#+ (.+)$/gm)].map(([, title]) =>
      title!
        .toLowerCase()
        .replaceAll(/[^a-z0-9 -]/g, '')
        .replaceAll(' ', '-'),
    );
    for (const { alert, annotations } of rules) {
      expect(annotations['description'], alert).toMatch(/\.$/);
      const [file, anchor] = (annotations['runbook_url'] ?? '').split('#');
      expect(file, alert).toBe('docs/guides/monitoring.md');
      expect(anchors, alert).toContain(anchor);
    }
  });

  test.skipIf(mustSkip(reason))('hold their tests, and are rules that Prometheus takes', { timeout: 60_000 }, () => {
    const checked = promtool('check', 'rules', RULES);
    expect(checked, checked.said).toMatchObject({ isGood: true });
    const configuration = promtool('check', 'config', join(DEPLOY, 'prometheus/prometheus.yml'));
    expect(configuration, configuration.said).toMatchObject({ isGood: true });
    const tested = promtool('test', 'rules', TESTS);
    expect(tested, tested.said).toMatchObject({ isGood: true });
  });
});

describe('dashboards', () => {
  test.each(dashboards)('%s shows only what the server emits, each panel something', (name) => {
    const { panels, templating } = JSON.parse(readFileSync(join(DEPLOY, 'grafana', name), 'utf8')) as {
      panels: { id: number; title: string; targets: { expr: string }[] }[];
      templating: { list: { query: string | { query: string } }[] };
    };
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    for (const { title, targets } of panels) {
      expect(targets.length, title).toBeGreaterThan(0);
      for (const { expr } of targets) {
        expect(namesIn(expr).length, title).toBeGreaterThan(0);
        for (const metric of namesIn(expr)) expect(EMITTED, title).toContain(metric);
      }
    }
    for (const { query } of templating.list)
      for (const metric of namesIn(typeof query === 'string' ? query : query.query)) expect(EMITTED).toContain(metric);
  });

  test.skipIf(mustSkip(reason))('ask what Prometheus understands', { timeout: 60_000 }, async () => {
    const prometheus = await Prometheus.start({ global: {} });
    try {
      for (const name of dashboards) {
        const { panels } = JSON.parse(readFileSync(join(DEPLOY, 'grafana', name), 'utf8')) as {
          panels: { title: string; targets: { expr: string }[] }[];
        };
        for (const { title, targets } of panels)
          for (const { expr } of targets) {
            const filled = expr.replaceAll('$__rate_interval', '5m').replaceAll(/\$(site|line|station)/g, '.*');
            expect(await prometheus.ask(filled), `${name}: ${title}`).toBeDefined();
          }
      }
    } finally {
      await prometheus.stop();
    }
  });
});

describe.skipIf(mustSkip(reason))('a real Prometheus', () => {
  test('scrapes a real server, and fires when one of two stations falls silent', { timeout: 90_000 }, async () => {
    const folder = await mkdtemp(join(tmpdir(), 'fieldbench-alerts-'));
    // The rule is the one that operators run; its time is the fleet's.
    const fleet = writeFleetFolder(folder, { settings: { health: { heartbeat_s: 1 } }, procedures: {} });
    const server = await Server.start({ env: { FLEET_DIR: fleet, LOG_LEVEL: 'error' } });
    const { global, rule_files: _, scrape_configs: scrapes } = config();
    const prometheus = await Prometheus.start({
      global: { ...global, scrape_interval: '1s', scrape_timeout: '1s', evaluation_interval: '1s' },
      rule_files: [RULES],
      scrape_configs: [{ ...scrapes[0], static_configs: [{ targets: [`127.0.0.1:${server.port}`] }] }],
    });
    const say = (change: Partial<Heartbeat>) =>
      fetch(`${server.origin}/telemetry/heartbeat`, { method: 'POST', body: JSON.stringify(heartbeat(change)) });
    const speaking = new Set(['taipei-line1-042', 'taipei-line1-043']);
    const life = new AbortController();
    const talk = (async () => {
      while (!life.signal.aborted) {
        await Promise.all([...speaking].map((station) => say({ station, session: `session-of-${station}` })));
        await sleep(500, undefined, { signal: life.signal }).catch(() => undefined);
      }
    })();
    const silent = async () =>
      (await prometheus.alerts()).filter(
        ({ labels, state }) => labels['alertname'] === 'FieldbenchStationSilent' && state === 'firing',
      );
    try {
      const heard = 'fieldbench_station_runs_total{outcome="PASS"}';
      await vi.waitFor(
        async () => expect((await prometheus.ask(heard)).map(({ value }) => value[1])).toEqual(['790', '790']),
        {
          timeout: 30_000,
          interval: 250,
        },
      );
      // Longer than it takes to be silent.
      await sleep(5_000);
      expect(await silent()).toEqual([]);
      speaking.delete('taipei-line1-043');
      await vi.waitFor(
        async () => expect((await silent()).map(({ labels }) => labels['station'])).toEqual(['taipei-line1-043']),
        { timeout: 30_000, interval: 250 },
      );
      const [alert] = await silent();
      expect(alert?.annotations['summary']).toMatch(/^taipei-line1-043 has not been heard for \d/);
      speaking.add('taipei-line1-043');
      await vi.waitFor(async () => expect(await silent()).toEqual([]), { timeout: 30_000, interval: 250 });
    } finally {
      life.abort();
      await talk;
      await prometheus.stop();
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    }
  });
});
