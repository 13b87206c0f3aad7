/**
 * One file of a tier, from YAML to values by their path, each with line and column; and everything that is wrong with it.
 *
 * Above: merge.ts, the server, the command line. Below: settings-schema.ts. Knows nothing of disks and of other files.
 */
import * as v from 'valibot';
import { isMap, isNode, isScalar, isSeq, LineCounter, parseDocument, type Document, type Node } from 'yaml';
import { proposal } from '#procedure/nearest.ts';
import type { Place } from '#procedure/located.ts';
import { isSecretName, looksSecret } from '#fleet/config/secrets.ts';
import { tierSchema, type TierFileData } from '#fleet/config/settings-schema.ts';
import { LISTS, PARAMETERS, SETTINGS } from '#fleet/config/settings-table.ts';
import type { FileTier } from '#fleet/config/tiers.ts';
import { type Path, valuesOf } from '#fleet/config/values-of.ts';

export interface ConfigProblem extends Place {
  readonly code: 'yaml' | 'value' | 'unknown-key' | 'secret' | 'tier' | 'locked' | 'parameter' | 'product';
  readonly message: string;
  readonly file: string;
}

export interface StatedValue {
  readonly path: Path;
  readonly value: unknown;
  readonly place: Place;
}

export interface TierFile {
  readonly tier: FileTier;
  /** Of site, line, product or station; empty for the fleet's own. */
  readonly name: string;
  readonly file: string;
  readonly values: readonly StatedValue[];
  readonly locked: readonly { readonly key: string; readonly place: Place }[];
  readonly product?: { readonly name: string; readonly place: Place };
  /** The whole file; null when anything is wrong with it. */
  readonly data: TierFileData | null;
  readonly problems: readonly ConfigProblem[];
}

export interface TierSource {
  readonly tier: FileTier;
  readonly name: string;
  readonly file: string;
  readonly text: string;
}

const KNOWN = new Set([...SETTINGS.map(({ key }) => key), ...LISTS.map(({ key }) => key), PARAMETERS]);

export function readTier(source: TierSource): TierFile {
  const { tier, name, file, text } = source;
  const counter = new LineCounter();
  const document = parseDocument(text, { lineCounter: counter, prettyErrors: false });
  const at = (offset: number): Place => {
    const { line, col } = counter.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  const problems: ConfigProblem[] = [];
  const say = (code: ConfigProblem['code'], place: Place, message: string) =>
    void problems.push({ code, message, file, line: place.line, column: place.column });
  const nothing = { tier, name, file, values: [], locked: [], data: null, problems };
  for (const { message, pos } of document.errors) say('yaml', at(pos[0]), message.split('\n')[0] ?? 'it is not YAML');
  if (problems.length > 0) return nothing;
  const data: unknown = document.toJS() ?? {};
  const placeOf = (path: Path) => at(offsetOf(document, path));
  findSecrets(document.contents, [], (path, why) => say('secret', placeOf(path), why));
  const read = v.safeParse(tierSchema, data);
  for (const issue of read.success ? [] : read.issues) {
    const path = (issue.path ?? []).map(({ key }) => String(key));
    const isUnknown = issue.expected === 'never';
    const said = isUnknown ? `there is no such setting${nearest(path)}` : issue.message;
    const words = path.length > 0 ? `${path.join('.')}: ${said}` : said;
    say(isUnknown ? 'unknown-key' : 'value', placeOf(path), words);
  }
  if (!read.success || problems.length > 0) return nothing;
  const { product, locked: stated, ...settings } = read.output;
  const values = valuesOf(settings).map((one) => ({ ...one, place: placeOf(one.at) }));
  for (const { path, place } of tier === 'fleet' ? [] : values)
    if (SETTINGS.some(({ key, byServer }) => byServer && key === path.join('.')))
      say('tier', place, `${path.join('.')}: only fleet.yaml can say this, because the server judges by it`);
  const locked = (stated ?? []).map((key, index) => ({ key, place: placeOf(['locked', String(index)]) }));
  for (const { key, place } of locked)
    if (!isLockable(key))
      say('unknown-key', place, `locked: ${key} is nothing that can be locked${proposal(key, [...KNOWN])}`);
  if (product !== undefined && tier === 'product')
    say('product', placeOf(['product']), 'product: a product cannot say what is built');
  return {
    ...nothing,
    values: values.map(({ path, value, place }) => ({ path, value, place })),
    locked,
    ...(product === undefined ? {} : { product: { name: product, place: placeOf(['product']) } }),
    data: problems.length === 0 ? read.output : null,
  };
}

/** A setting, a whole section, or a procedure's parameter. Lists are open: a station lists people and dates of its own. */
function isLockable(key: string): boolean {
  if (LISTS.some((one) => one.key === key)) return false;
  return KNOWN.has(key) || [...KNOWN].some((one) => one.startsWith(`${key}.`)) || key.startsWith(`${PARAMETERS}.`);
}

function nearest(path: Path): string {
  const [above, wrong] = [path.slice(0, -1), path.at(-1) ?? ''];
  const prefix = above.map((part) => `${part}.`).join('');
  const siblings = [...KNOWN, 'product', 'locked'].filter((key) => key.startsWith(prefix));
  return proposal(wrong, [...new Set(siblings.map((key) => key.slice(prefix.length).split('.')[0]!))]);
}

/** Also below keys that nobody knows: those would be refused, and repeated in no message. */
function findSecrets(node: unknown, path: Path, found: (path: Path, why: string) => void): void {
  if (isSeq(node)) return node.items.forEach((item, index) => findSecrets(item, [...path, String(index)], found));
  if (isMap(node))
    for (const { key, value } of node.items) {
      const name = isScalar(key) ? String(key.value) : '';
      const here = [...path, name];
      if (isSecretName(name) && !isMap(value)) found(here, `${here.join('.')}: ${NO_SECRETS}`);
      else findSecrets(value, here, found);
    }
  else if (isScalar(node) && looksSecret(node.value)) found(path, `${path.join('.')}: ${NO_SECRETS}`);
}

const NO_SECRETS =
  'this looks like a secret, and files that stations read and a repository keeps hold none; enrolment brings a key to a station';

/** Where the key or the item at the end of a path stands. */
function offsetOf(document: Document, path: Path): number {
  let node: unknown = document.contents;
  let offset = 0;
  for (const name of path) {
    if (isSeq(node)) {
      node = node.items[Number(name)];
      offset = isNode(node) ? startOf(node, offset) : offset;
      continue;
    }
    const pair = isMap(node) ? node.items.find(({ key }) => isScalar(key) && String(key.value) === name) : undefined;
    if (!pair) break;
    offset = isScalar(pair.key) ? startOf(pair.key, offset) : offset;
    node = pair.value;
  }
  return offset;
}

function startOf({ range }: Node, otherwise: number): number {
  return range?.[0] ?? otherwise;
}
