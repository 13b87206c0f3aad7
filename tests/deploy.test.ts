/** The files of deploy/ against the server that they start: its settings, addresses and limits, and what keeps a run single. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { LONGEST_FILE_BYTES } from '#record/attachment.ts';
import { server } from './server/support.ts';

const root = fileURLToPath(new URL('../', import.meta.url));
const read = (file: string) => readFileSync(join(root, 'deploy', file), 'utf8');
/** docs/reference/outside.md lists each; NODE_ENV is Node's own. */
const SETTINGS = [
  'PORT',
  'HOST',
  'TOFUPILOT_URL',
  'FLEET_DIR',
  'RELAY_KEYS_FILE',
  'PUBLIC_URL',
  'PEER_SERVERS',
  'LOG_LEVEL',
  'NODE_ENV',
];
type Loose = Record<string, any>;
const manifests = parseAllDocuments(read('kubernetes/fieldbench.yaml')).map((document) => {
  expect(document.errors).toEqual([]);
  return document.toJS() as Loose;
});
const kind = (name: string) => manifests.find((one) => one['kind'] === name)!;

describe('what is started', () => {
  test('has only settings that the server knows', () => {
    const documented = readFileSync(join(root, 'docs/reference/outside.md'), 'utf8');
    for (const name of SETTINGS.filter((one) => one !== 'NODE_ENV')) expect(documented).toContain(`\`${name}\``);
    const container = /^ENV (.*)$/m
      .exec(read('Containerfile'))![1]!
      .split(' ')
      .map((one) => one.split('=')[0]!);
    const unit = [...read('fieldbench.service').matchAll(/^#?Environment=(\w+)=/gm)].map(([, name]) => name!);
    const pod = (kind('Deployment')['spec'].template.spec.containers[0].env as Loose[]).map(({ name }) => String(name));
    for (const name of [...container, ...unit, ...pod]) expect(SETTINGS).toContain(name);
  });

  test('is a file that is there, and is copied whole', () => {
    expect(read('fieldbench.service')).toMatch(/^ExecStart=\/usr\/bin\/node \/opt\/fieldbench\/src\/cli\/serve\.js$/m);
    expect(read('Containerfile')).toContain('CMD ["node", "src/cli/serve.js"]');
    for (const [, path] of read('Containerfile').matchAll(/^COPY --from=build \/build\/(\S+)/gm))
      if (path !== 'node_modules' && path !== 'dist') expect(existsSync(join(root, path!)), path).toBe(true);
  });

  test('is nobody with rights', () => {
    expect(read('Containerfile')).toMatch(/^USER node$/m);
    const { securityContext, containers } = kind('Deployment')['spec'].template.spec;
    expect(securityContext).toMatchObject({ runAsNonRoot: true });
    expect(containers[0].securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    });
    for (const line of ['DynamicUser=yes', 'ProtectSystem=strict', 'NoNewPrivileges=yes', 'CapabilityBoundingSet='])
      expect(read('fieldbench.service').split('\n')).toContain(line);
  });

  test('is asked for its health where it answers', async () => {
    const running = await server();
    const { containers } = kind('Deployment')['spec'].template.spec;
    const { startupProbe, livenessProbe, readinessProbe } = containers[0];
    const paths = [startupProbe, livenessProbe, readinessProbe].map(({ httpGet }: Loose) => String(httpGet.path));
    const caddy = /health_uri (\S+)/.exec(read('Caddyfile'))![1]!;
    for (const path of [...paths, caddy, '/healthz']) expect((await running.ask(path)).status, path).toBe(200);
    expect(read('Containerfile')).toContain("+ '/healthz'");
  });
});

describe('what stands in front', () => {
  const { annotations } = kind('Ingress')['metadata'];
  const ingress = (name: string) => String(annotations[`nginx.ingress.kubernetes.io/${name}`]);

  test('sends nothing twice', () => {
    expect(read('nginx.conf')).toMatch(/^\s+proxy_next_upstream off;$/m);
    expect(read('Caddyfile')).toMatch(/^\s+lb_retries 0$/m);
    expect(ingress('proxy-next-upstream')).toBe('off');
  });

  test('keeps a station on one server', () => {
    expect(read('nginx.conf')).toMatch(/^\s+hash \$remote_addr consistent;$/m);
    expect(read('Caddyfile')).toMatch(/^\s+lb_policy ip_hash$/m);
    expect(kind('Service')['spec'].sessionAffinity).toBe('ClientIP');
    expect(ingress('upstream-hash-by')).toBe('$remote_addr');
  });

  test('lets through the largest file that a station sends, and waits longer than it', () => {
    for (const [text, unit] of [
      [/client_max_body_size (\d+)m/.exec(read('nginx.conf')), 1024 * 1024],
      [/max_size (\d+)MiB/.exec(read('Caddyfile')), 1024 * 1024],
      [/(\d+)m/.exec(ingress('proxy-body-size')), 1024 * 1024],
    ] as const)
      expect(Number(text![1]) * unit).toBeGreaterThan(LONGEST_FILE_BYTES);
    for (const text of [
      /proxy_read_timeout (\d+)s/.exec(read('nginx.conf')),
      /response_header_timeout (\d+)s/.exec(read('Caddyfile')),
    ])
      expect(Number(text![1])).toBeGreaterThan(60);
  });

  test('logs no key and no upload address', () => {
    expect(read('nginx.conf')).not.toMatch(/log_format[^;]*(http_authorization|\$request[ "'])/);
    expect(read('nginx.conf')).toContain('~^/tofupilot/upload/');
    expect(read('Caddyfile')).toContain('request>headers>Authorization delete');
    expect(read('Caddyfile')).toContain('/tofupilot/upload/');
  });
});

/** Only where the tool is: none of them is installed for the tests. */
const has = (command: string, ...args: string[]) => spawnSync(command, args).status === 0;
test.skipIf(!has('systemd-analyze', '--version'))('systemd understands the unit', () => {
  const { stdout, stderr } = spawnSync(
    'systemd-analyze',
    ['verify', '--man=no', join(root, 'deploy/fieldbench.service')],
    {
      encoding: 'utf8',
    },
  );
  const words = (stdout + stderr)
    .split('\n')
    .filter((line) => line.includes('fieldbench') && !/is not executable|doesn't exist|No such file/.test(line));
  expect(words).toEqual([]);
});
