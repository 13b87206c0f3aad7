/**
 * `fieldbench publish` and `fieldbench rollback`: which release of a procedure the fleet's stations should run.
 *
 * Both write a new index with a higher number, so that a station can tell going back on purpose from an old file put back.
 * Above: release-commands.ts. Below: published-folder.ts.
 */
import type { Bundle } from '#fleet/distribution/signed/bundle.ts';
import { manifestBytes, releaseStatement } from '#fleet/distribution/signed/release-manifest.ts';
import type { PublishedProcedure, PublishedRelease } from '#fleet/distribution/signed/release-index.ts';
import type { Signature } from '#fleet/distribution/signed/signature.ts';
import { demandSignature } from '#fleet/distribution/signed/trusted-keys.ts';
import { titleOf } from '#fleet/distribution/signed/wanted-release.ts';
import { readSigner } from './key-file.ts';
import { demandTrusted, nextIndex, PublishedFolder } from './published-folder.ts';
import { refused } from './release-fault.ts';
import { bundleIn } from './sign.ts';
import { slugOf } from '#fleet/distribution/slug.ts';
import type { Terminal } from './terminal.ts';

/** Older ones are listed no more; a pin or the fleet's choice keeps its own. */
const MOST_LISTED = 20;
/** So much of a hash names a release for people. */
const LEAST_DIGITS = 8;

export interface PublishOptions {
  readonly to: string;
  readonly key: string;
  readonly as?: string | undefined;
  /** Listed only: a rollout, or a later publish, makes it count. */
  readonly staged?: boolean;
}

/** @throws {Fault} */
export async function publish(
  file: string,
  { to, key, as, staged = false }: PublishOptions,
  terminal: Terminal,
): Promise<number> {
  const nowMs = Date.now();
  const [signer, bundle, folder] = [await readSigner(key), await bundleIn(file), new PublishedFolder(to)];
  const { release, manifest } = bundle;
  const title = titleOf(manifest);
  const keys = await folder.keys();
  demandTrusted(signer, keys);
  await demandSignature((by) => releaseStatement(manifest, release, by), bundle.signatures, keys, nowMs, title);
  const before = await folder.index(keys, nowMs);
  const procedures = before?.procedures ?? [];
  const name = nameFor(bundle, procedures, as);
  const mine = procedures.find(({ procedure }) => procedure === name);
  const others = procedures.filter((one) => one !== mine);
  if (staged && !mine)
    throw refused(`${name} has no release yet that stations could stay with.`, 'Leave out --staged.');
  const twin = mine?.releases.find((one) => one.version === manifest.version && one.release !== release);
  if (twin) terminal.err(`warning: ${title} is published already with another content, ${twin.release}.`);

  await writeContents(folder, bundle);
  const number = (before?.number ?? 0) + 1;
  const known = mine?.releases.find((one) => one.release === release);
  const row: PublishedRelease = {
    ...(known ?? { release, published_at: timeOf(nowMs), number }),
    name: manifest.name,
    version: manifest.version,
    size: manifestBytes(manifest).length,
    signatures: together(known?.signatures ?? [], bundle.signatures),
  };
  const releases = [...(mine?.releases ?? []).filter((one) => one !== known), row];
  const next: PublishedProcedure = {
    procedure: name,
    id: manifest.id,
    current: staged ? mine!.current : release,
    releases: listed(releases, [
      release,
      ...(staged ? [mine!.current] : []),
      ...(staged && mine!.rollout ? [mine!.rollout.release] : []),
      ...(mine?.pins ?? []).map((pin) => pin.release),
    ]),
    pins: mine?.pins ?? [],
    // What goes to all at once ends what went ring by ring.
    ...(staged && mine!.rollout ? { rollout: mine!.rollout } : {}),
  };
  await folder.writeIndex(nextIndex(before, nowMs, [...others, next]), before, signer);
  const done = staged ? 'is listed, for nobody yet' : `is the release of ${name} now`;
  terminal.out(`${title} ${done}: ${release}, index ${number}`);
  return 0;
}

export interface RollbackOptions {
  readonly procedure: string;
  readonly to?: string | undefined;
  readonly key: string;
}

/** @throws {Fault} */
export async function rollback(
  path: string,
  { procedure, to, key }: RollbackOptions,
  terminal: Terminal,
): Promise<number> {
  const nowMs = Date.now();
  const [signer, folder] = [await readSigner(key), new PublishedFolder(path)];
  const keys = await folder.keys();
  demandTrusted(signer, keys);
  const before = await folder.index(keys, nowMs);
  const mine = publishedIn(before?.procedures ?? [], procedure);
  const target = to === undefined ? olderThanCurrent(mine) : releaseNamed(mine, to);
  const title = titleOf(target);
  const statementOf = (by: string) => releaseStatement({ ...target, id: mine.id }, target.release, by);
  await demandSignature(statementOf, target.signatures, keys, nowMs, title);
  const { rollout: _, ...others } = mine;
  const procedures = before!.procedures.map((one) => (one === mine ? { ...others, current: target.release } : one));
  const index = nextIndex(before, nowMs, procedures);
  await folder.writeIndex(index, before, signer);
  terminal.out(`${title} is the release of ${procedure} again: ${target.release}, index ${index.number}`);
  return 0;
}

/** @throws {Fault} `refused` */
export function publishedIn(procedures: readonly PublishedProcedure[], name: string): PublishedProcedure {
  const found = procedures.find((one) => one.procedure === name);
  if (found) return found;
  const known = procedures.map((one) => one.procedure).join(', ') || 'none';
  throw refused(`“${name}” is not published here.`, `There are: ${known}.`);
}

/** @param wanted a hash or its beginning, with or without `sha256:`; or a version. @throws {Fault} `refused` */
export function releaseNamed({ procedure, releases }: PublishedProcedure, wanted: string): PublishedRelease {
  const digits = wanted.replace(/^sha256:/, '');
  const isHash = /^[0-9a-f]+$/.test(digits) && digits.length >= LEAST_DIGITS;
  const byHash = isHash ? releases.filter(({ release }) => release.startsWith(`sha256:${digits}`)) : [];
  const found = byHash.length > 0 ? byHash : releases.filter(({ version }) => version === wanted);
  if (found.length === 1) return found[0]!;
  const list = releases
    .map(({ release, version }) => `${version} ${release.slice(0, 'sha256:'.length + 12)}`)
    .join(', ');
  const why = found.length > 1 ? 'names more than one release' : 'names no release';
  throw refused(`“${wanted}” ${why} of ${procedure}.`, `There are: ${list}.`);
}

function olderThanCurrent({ procedure, current, releases }: PublishedProcedure): PublishedRelease {
  const older = releases[releases.findIndex(({ release }) => release === current) + 1];
  if (older) return older;
  throw refused(`There is no older release of ${procedure} in this folder.`, 'Publish one.');
}

/** @throws {Fault} `refused` */
function nameFor({ manifest }: Bundle, procedures: readonly PublishedProcedure[], as: string | undefined): string {
  const { id, name } = manifest;
  const byId = id === '' ? undefined : procedures.find((one) => one.id === id);
  if (byId && as !== undefined && byId.procedure !== as)
    throw refused(`${name} is published as ${byId.procedure} already.`, 'Leave out --as.');
  const wanted = byId?.procedure ?? as ?? slugOf(name);
  if (!/^[a-z0-9][a-z0-9._-]{0,99}$/.test(wanted))
    throw refused(`“${wanted}” is no name for addresses.`, 'Small letters, digits, points and dashes are possible.');
  const other = procedures.find((one) => one.procedure === wanted);
  if (other && other.id !== id)
    throw refused(
      `“${wanted}” is another procedure in this folder, ${other.id || 'without an id'}.`,
      'Name it with --as.',
    );
  return wanted;
}

/** Every file, then the manifest that names them. */
async function writeContents(folder: PublishedFolder, { release, manifest, files, scripts }: Bundle): Promise<void> {
  for (const { path, sha256 } of manifest.files) await folder.writeContent(sha256, files.get(path)!);
  for (const { path, sha256 } of manifest.scripts) await folder.writeContent(sha256, scripts.get(path)!);
  await folder.writeContent(release, manifestBytes(manifest));
}

function listed(releases: readonly PublishedRelease[], always: readonly string[]): PublishedRelease[] {
  const newest = releases.toSorted((a, b) => b.number - a.number);
  return newest.filter(({ release }, at) => at < MOST_LISTED || always.includes(release));
}

function together(a: readonly Signature[], b: readonly Signature[]): Signature[] {
  return [...a.filter(({ key }) => !b.some((other) => other.key === key)), ...b];
}

function timeOf(nowMs: number): string {
  return new Date(nowMs).toISOString();
}
