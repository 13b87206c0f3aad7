/**
 * `fieldbench pin`: takes over `pins.yaml`, which says where and until when another release is run than the fleet's.
 *
 * The file is written by hand and stands beside fleet.yaml; the pins count once they are in the signed index. Above:
 * release-commands.ts. Below: published-folder.ts.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import { parse } from 'yaml';
import { messageOf } from '#base/fault.ts';
import type { Pin, PublishedProcedure } from '#fleet/distribution/signed/release-index.ts';
import { moment, text } from '#fleet/distribution/signed/shapes.ts';
import { readSigner } from './key-file.ts';
import { demandTrusted, nextIndex, PublishedFolder } from './published-folder.ts';
import { publishedIn, releaseNamed } from './publish.ts';
import { refused, unreadable } from './release-fault.ts';
import type { Terminal } from './terminal.ts';

const PINS = 'pins.yaml';

const schema = v.array(
  v.strictObject({
    procedure: text,
    /** Version, hash, or its beginning. YAML takes 1.10 for the number 1.1. */
    release: v.pipe(v.string('a text is needed; one of digits alone stands in quotes'), v.maxLength(500)),
    stations: v.optional(v.array(text)),
    from: v.optional(moment),
    until: v.optional(moment),
    reason: v.optional(text),
  }),
);
type Wish = v.InferOutput<typeof schema>[number];

/** @throws {Fault} */
export async function pin(path: string, key: string, terminal: Terminal): Promise<number> {
  const nowMs = Date.now();
  const [signer, folder] = [await readSigner(key), new PublishedFolder(path)];
  const wishes = await readPins(join(path, PINS));
  const keys = await folder.keys();
  demandTrusted(signer, keys);
  const before = await folder.index(keys, nowMs);
  const procedures = before?.procedures ?? [];
  for (const { procedure } of wishes) publishedIn(procedures, procedure);
  const next = procedures.map((one) => ({
    ...one,
    pins: wishes.filter(({ procedure }) => procedure === one.procedure).map((wish) => pinOf(one, wish)),
  }));
  const index = nextIndex(before, nowMs, next);
  await folder.writeIndex(index, before, signer);
  for (const wish of wishes)
    terminal.out(
      [
        `${wish.procedure} ${wish.release}: ${wish.stations?.join(', ') ?? 'every station'}`,
        ...(wish.from === undefined ? [] : [`from ${wish.from}`]),
        ...(wish.until === undefined ? [] : [`until ${wish.until}`]),
      ].join(', '),
    );
  terminal.out(`${wishes.length} pins, index ${index.number}`);
  return 0;
}

function pinOf(one: PublishedProcedure, { release, stations, from, until, reason }: Wish): Pin {
  return {
    release: releaseNamed(one, release).release,
    ...(stations ? { stations } : {}),
    ...(from === undefined ? {} : { from }),
    ...(until === undefined ? {} : { until }),
    ...(reason === undefined ? {} : { reason }),
  };
}

/** An absent file is no pins: who takes it away takes them back. */
async function readPins(path: string): Promise<readonly Wish[]> {
  const said = await readFile(path, 'utf8').catch((thrown: NodeJS.ErrnoException) => {
    if (thrown.code === 'ENOENT') return '';
    throw unreadable(path, thrown);
  });
  let data: unknown;
  try {
    data = parse(said) ?? [];
  } catch (thrown) {
    throw refused(`${path} is no YAML: ${messageOf(thrown)}`, 'Correct it.');
  }
  const read = v.safeParse(schema, data, { abortEarly: true });
  if (read.success) return read.output;
  const place = (read.issues[0].path ?? []).map(({ key }) => String(key)).join('.');
  throw refused(`${path}: ${place || 'it'} is not as it should be: ${read.issues[0].message}.`, 'Correct it.');
}
