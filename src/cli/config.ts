/**
 * `fieldbench config`: what a station goes by and why, what publishing would change, and publishing it, signed.
 *
 * Above: config-commands.ts. Below: tier-folder.ts, published-configurations.ts, #fleet/config. A document is made for each
 * station that has a file in config/stations/, which may be empty.
 */
import { configurationHash } from '#fleet/config/document.ts';
import type { MergedValue } from '#fleet/config/merge.ts';
import { configurationOf, type FleetTiers, type StationTiers } from '#fleet/config/station-tiers.ts';
import { SETTINGS } from '#fleet/config/settings-table.ts';
import { stationNameProblem } from '#fleet/identity/station-name.ts';
import { readSigner } from './key-file.ts';
import { PublishedConfigurations } from './published-configurations.ts';
import { demandTrusted, PublishedFolder } from './published-folder.ts';
import { refused } from './release-fault.ts';
import type { Terminal } from './terminal.ts';
import { allProblems, demandSound, parameterProblems, readProcedures, readTiers } from './tier-folder.ts';

const BUILT_IN = 'built-in';

/** @throws {Fault} `refused`, `unreadable` */
export async function showConfiguration(
  station: string,
  fleet: string,
  json: boolean,
  terminal: Terminal,
): Promise<number> {
  const wrong = stationNameProblem(station);
  if (wrong) throw refused(wrong, 'Name a station on the scheme.');
  const tiers = (await readTiers(fleet)).of(station);
  demandSound([...tiers.problems, ...parameterProblems(tiers, await readProcedures(fleet))]);
  const rows = [...builtInRows(tiers), ...tiers.values.map(rowOf)].toSorted((a, b) => (a.key < b.key ? -1 : 1));
  const hash = await configurationHash(tiers.values);
  if (json) terminal.out(JSON.stringify({ station, product: tiers.product ?? null, hash, values: rows }));
  else {
    terminal.out(`${station}${tiers.product === undefined ? '' : `, building ${tiers.product}`}`);
    terminal.out(`Tiers: ${['built-in', ...tiers.files.map(({ file }) => file)].join(', ')}`);
    const width = Math.max(...rows.map(({ key }) => key.length));
    for (const { key, value, tier, from, locked } of rows)
      terminal.out(
        `${key.padEnd(width)}  ${textOf(value)}  ${[tier, from].filter(Boolean).join(' ')}${locked ? `, locked by ${locked}` : ''}`,
      );
    terminal.out(`Configuration ${hash}`);
  }
  return 0;
}

/** @throws {Fault} `refused`, `unreadable` */
export async function diffConfigurations(fleet: string, terminal: Terminal): Promise<number> {
  const tiers = await soundTiers(fleet);
  const published = new PublishedConfigurations(fleet);
  let count = 0;
  for (const station of tiers.stations) {
    const before = (await published.read(station))?.signed.values ?? null;
    const lines = changedLines(before ?? [], tiers.of(station).values);
    if (before === null) terminal.out(`${station}: new`);
    else if (lines.length > 0) terminal.out(`${station}:`);
    for (const line of lines) terminal.out(`  ${line}`);
    count += before === null || lines.length > 0 ? 1 : 0;
  }
  terminal.out(`${count} of ${tiers.stations.length} stations would get another configuration.`);
  return 0;
}

/** @throws {Fault} `refused`, `unreadable`, `cannot-write` */
export async function publishConfigurations(
  fleet: string,
  { key, to = fleet }: { readonly key: string; readonly to?: string | undefined },
  terminal: Terminal,
): Promise<number> {
  const tiers = await soundTiers(fleet);
  if (tiers.stations.length === 0)
    throw refused(
      `${fleet}/config/stations holds no file, so there is nobody to publish for.`,
      'Make one for each station; it may be empty.',
    );
  const keys = await new PublishedFolder(to).keys();
  const signer = await readSigner(key);
  demandTrusted(signer, keys);
  const published = new PublishedConfigurations(to);
  const nowMs = Date.now();
  const number = (await published.number()) + 1;
  let count = 0;
  for (const station of tiers.stations) {
    const next = configurationOf(tiers.of(station), number, nowMs);
    count += (await published.isSame(next)) ? 0 : 1;
    // Also what is the same: what lies there may be an older one that was put back, which no station takes.
    await published.write(next, signer);
  }
  await published.writeNumber(number, nowMs);
  terminal.out(`${count} of ${tiers.stations.length} stations get another configuration, number ${number}.`);
  return 0;
}

async function soundTiers(fleet: string): Promise<FleetTiers> {
  const tiers = await readTiers(fleet);
  demandSound(allProblems(tiers, await readProcedures(fleet)));
  return tiers;
}

function rowOf({ path, value, tier, from, locked }: MergedValue) {
  return { key: path.join('.'), value, tier: tier as string, from, locked: locked ?? '' };
}

function builtInRows({ values }: StationTiers): ReturnType<typeof rowOf>[] {
  const stated = new Set(values.map(({ path }) => path.join('.')));
  return SETTINGS.filter(({ key, byServer }) => byServer !== 'alone' && !stated.has(key)).map(({ key, builtIn }) => ({
    key,
    value: builtIn,
    tier: BUILT_IN,
    from: '',
    locked: '',
  }));
}

function changedLines(before: readonly MergedValue[], after: readonly MergedValue[]): string[] {
  const [old, now] = [before, after].map((values) => new Map(values.map((one) => [one.path.join('.'), one])));
  return [...new Set([...old!.keys(), ...now!.keys()])].toSorted().flatMap((key) => {
    const [was, is] = [old!.get(key), now!.get(key)];
    if (was && is && textOf(was.value) === textOf(is.value) && was.locked === is.locked) return [];
    return [
      `${key}: ${was ? textOf(was.value) : BUILT_IN} → ${is ? `${textOf(is.value)} (${is.from || BUILT_IN})` : BUILT_IN}`,
    ];
  });
}

function textOf(value: unknown): string {
  return value === null ? '–' : typeof value === 'string' ? value : JSON.stringify(value);
}
