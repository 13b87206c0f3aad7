/**
 * A part of the file as plain data, for what is kept and never looked into.
 */
import type { Located } from '#procedure/located.ts';

export function plainData(node: Located): unknown {
  if (node.kind === 'scalar') return node.value;
  if (node.kind === 'list') return node.items.map(plainData);
  return Object.fromEntries(node.entries.map(({ key, value }) => [key, plainData(value)]));
}
