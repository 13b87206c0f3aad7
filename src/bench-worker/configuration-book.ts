/**
 * What a station keeps of its configuration: what is in force, what changed, and which signed one it has seen last.
 *
 * Plain data. Above: configuration.ts, which keeps it on disk. Knows nothing of fetching.
 */
import type { ConfigurationChange } from '#engine/link/configuration-link.ts';
import type { MergedValue } from '#fleet/config/merge.ts';

/** Under this name it lies in the store. */
export const CONFIGURATION = 'configuration';

export interface InForce {
  readonly source: 'manifest' | 'unsigned' | 'signed';
  readonly station: string;
  /** Of the document; 0: there is none, or nobody has signed it. */
  readonly number: number;
  readonly made_at: string;
  readonly product?: string;
  readonly signed_by?: string;
  readonly values: readonly MergedValue[];
  /** Of the values; empty where there are none. */
  readonly hash: string;
  readonly since: string;
}

/** As it lies on disk. */
export interface KeptConfiguration {
  readonly inForce: InForce | null;
  /** Newest first. */
  readonly changes: readonly ConfigurationChange[];
  /** The newest signed one that was ever in force, so that no older one comes back. */
  readonly seen: { readonly number: number; readonly hash: string } | null;
}

export interface Candidate {
  readonly next: Omit<InForce, 'since'>;
  readonly seen: KeptConfiguration['seen'];
}
