/**
 * `fieldbench rollout`: a new release goes to the fleet ring by ring.
 *
 * Each step is a new signed index; what a server says of how it goes is only read (rollout-status.ts). Above:
 * release-commands.ts. Below: published-folder.ts.
 */
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import * as v from 'valibot';
import { parse } from 'yaml';
import { messageOf } from '#base/fault.ts';
import type { PublishedProcedure, ReleaseIndex, Ring, Rollout } from '#fleet/distribution/signed/release-index.ts';
import { releaseStatement } from '#fleet/distribution/signed/release-manifest.ts';
import { text } from '#fleet/distribution/signed/shapes.ts';
import { demandSignature, type KeyList } from '#fleet/distribution/signed/trusted-keys.ts';
import { titleOf } from '#fleet/distribution/signed/wanted-release.ts';
import { readSigner } from './key-file.ts';
import { demandTrusted, nextIndex, PublishedFolder } from './published-folder.ts';
import { publishedIn, releaseNamed } from './publish.ts';
import { refused, unreadable } from './release-fault.ts';
import { reportOf } from './rollout-status.ts';
import type { Terminal } from './terminal.ts';

const SALT_BYTES = 8;

const plan = v.strictObject({
  procedure: text,
  /** Version, hash, or its beginning. YAML takes 1.10 for the number 1.1. */
  release: v.pipe(v.string('a text is needed; one of digits alone stands in quotes'), v.maxLength(500)),
  rings: v.pipe(
    v.array(
      v.strictObject({
        name: text,
        stations: v.optional(v.array(text)),
        percent: v.optional(
          v.pipe(
            v.number('a whole number is needed'),
            v.integer('a whole number is needed'),
            v.minValue(1, 'at least 1 is needed'),
            v.maxValue(100, 'at most 100 is possible'),
          ),
        ),
      }),
    ),
    v.minLength(1, 'at least one ring is needed'),
    v.maxLength(20, 'at most 20 rings are possible'),
  ),
});

interface Found {
  readonly mine: PublishedProcedure;
  readonly keys: KeyList;
  readonly nowMs: number;
  /** Of the index that is being made. */
  readonly number: number;
}

/** @throws {Fault} */
export async function startRollout(path: string, file: string, key: string, terminal: Terminal): Promise<number> {
  const wish = await readPlan(file);
  return change(path, wish.procedure, key, terminal, async ({ mine, keys, nowMs, number }) => {
    const target = releaseNamed(mine, wish.release);
    const title = titleOf(target);
    if (target.release === mine.current)
      throw refused(`Every station runs ${title} already.`, 'Nothing is to be done.');
    if (mine.rollout && !mine.rollout.halted)
      throw refused(`Another release of ${mine.procedure} is being rolled out.`, 'Halt that one first.');
    const statementOf = (by: string) => releaseStatement({ ...target, id: mine.id }, target.release, by);
    await demandSignature(statementOf, target.signatures, keys, nowMs, title);
    const rollout: Rollout = {
      release: target.release,
      attempt: number,
      salt: randomBytes(SALT_BYTES).toString('hex'),
      rings: wish.rings.map(ringAs),
      open: 1,
    };
    return [{ ...mine, rollout }, `${title} goes to ring 1 of ${rollout.rings.length}, ${wish.rings[0]!.name}`];
  });
}

/** @param server that is asked whether anything stands against it. @throws {Fault} */
export async function advanceRollout(
  path: string,
  procedure: string,
  { key, server }: { readonly key: string; readonly server?: string | undefined },
  terminal: Terminal,
): Promise<number> {
  const report = server === undefined ? undefined : await reportOf(server, procedure);
  return change(path, procedure, key, terminal, async ({ mine }) => {
    const rollout = rolloutOf(mine);
    const title = titleFor(mine);
    if (rollout.halted !== undefined || report?.state === 'halted')
      throw refused(
        `The rollout of ${title} is halted.`,
        'See fieldbench rollout status; resume goes on all the same.',
      );
    const { open, rings, release } = rollout;
    const next = rings[open];
    if (next)
      return [
        { ...mine, rollout: { ...rollout, open: open + 1 } },
        `${title} goes to ring ${open + 1} of ${rings.length}, ${next.name}`,
      ];
    const { rollout: _, ...others } = mine;
    return [{ ...others, current: release }, `${title} is the release of ${procedure} now, everywhere`];
  });
}

/** @throws {Fault} */
export function haltRollout(
  path: string,
  procedure: string,
  { key, reason }: { readonly key: string; readonly reason: string },
  terminal: Terminal,
): Promise<number> {
  return change(path, procedure, key, terminal, async ({ mine }) => [
    { ...mine, rollout: { ...rolloutOf(mine), halted: reason } },
    `The rollout of ${titleFor(mine)} is halted; its stations go back`,
  ]);
}

/** From the ring at which it stood; halts and counts until now are of another attempt. @throws {Fault} */
export function resumeRollout(path: string, procedure: string, key: string, terminal: Terminal): Promise<number> {
  return change(path, procedure, key, terminal, async ({ mine, number }) => {
    const { halted: _, ...rollout } = rolloutOf(mine);
    const { open, rings } = rollout;
    return [
      { ...mine, rollout: { ...rollout, attempt: number } },
      `${titleFor(mine)} goes on with ring ${open} of ${rings.length}, ${rings[open - 1]!.name}`,
    ];
  });
}

/** @param make the procedure as it is to be, and what was done, in words */
async function change(
  path: string,
  procedure: string,
  key: string,
  terminal: Terminal,
  make: (found: Found) => Promise<readonly [PublishedProcedure, string]>,
): Promise<number> {
  const nowMs = Date.now();
  const [signer, folder] = [await readSigner(key), new PublishedFolder(path)];
  const keys = await folder.keys();
  demandTrusted(signer, keys);
  const before: ReleaseIndex | null = await folder.index(keys, nowMs);
  const procedures = before?.procedures ?? [];
  const mine = publishedIn(procedures, procedure);
  const [next, done] = await make({ mine, keys, nowMs, number: (before?.number ?? 0) + 1 });
  const index = nextIndex(
    before,
    nowMs,
    procedures.map((one) => (one === mine ? next : one)),
  );
  await folder.writeIndex(index, before, signer);
  terminal.out(`${done}: index ${index.number}`);
  return 0;
}

function rolloutOf({ procedure, rollout }: PublishedProcedure): Rollout {
  if (rollout) return rollout;
  throw refused(`No release of ${procedure} is being rolled out.`, 'fieldbench rollout start begins one.');
}

function titleFor(mine: PublishedProcedure): string {
  const { release: wanted } = rolloutOf(mine);
  return titleOf(mine.releases.find(({ release }) => release === wanted)!);
}

function ringAs({ name, stations, percent }: v.InferOutput<typeof plan>['rings'][number]): Ring {
  return { name, ...(stations ? { stations } : {}), ...(percent === undefined ? {} : { percent }) };
}

async function readPlan(path: string): Promise<v.InferOutput<typeof plan>> {
  const said = await readFile(path, 'utf8').catch((thrown: unknown) => {
    throw unreadable(path, thrown);
  });
  let data: unknown;
  try {
    data = parse(said);
  } catch (thrown) {
    throw refused(`${path} is no YAML: ${messageOf(thrown)}`, 'Correct it.');
  }
  const read = v.safeParse(plan, data, { abortEarly: true });
  if (read.success) return read.output;
  const place = (read.issues[0].path ?? []).map(({ key }) => String(key)).join('.');
  throw refused(`${path}: ${place || 'it'} is not as it should be: ${read.issues[0].message}.`, 'Correct it.');
}
