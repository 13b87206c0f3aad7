/** What a file says of the unit beside its numbers: texts by their keys, the same in each format. */
import type { RunRecord } from '#record/run-record.ts';
import type { Located } from '#exchange/located-json.ts';

export function unitMetadata(at: Located): Pick<RunRecord, 'unit_metadata'> {
  const entries = at.entries().map(([key, one]) => [key, one.text()] as const);
  return entries.length > 0 ? { unit_metadata: Object.fromEntries(entries) } : {};
}
