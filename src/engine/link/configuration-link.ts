/**
 * What page and bench worker say to each other about the station's configuration; part of station-link.ts.
 *
 * Plain data only. Knows nothing of how either does its part.
 */
import type { RefusedRelease } from '#engine/link/release-link.ts';

/** What every screen may need of it. */
export interface ConfigurationSummary {
  /** Of the values in force; empty while only what is built in is. */
  readonly hash: string;
  /** Settings that nobody at this station may change, by key, whole sections too. */
  readonly locked: readonly string[];
  /** Where nobody has chosen on the screen itself. */
  readonly screen: {
    readonly theme: 'system' | 'light' | 'dark';
    readonly sound: boolean;
    /** 0: never. */
    readonly backAfterMin: number;
  };
  /** The newest one that the server offered and that is not taken over; null: none is. */
  readonly refused: RefusedRelease | null;
}

export interface ConfigurationValue {
  /** `sign_in.idle_min` */
  readonly key: string;
  readonly value: string;
  /** `built-in`, `fleet`, `site`, `line`, `product`, `station`; `here`: a person has set it at this station. */
  readonly tier: string;
  /** File and line; empty of what is built in, or set here. */
  readonly from: string;
  readonly meaning: string;
  /** `whole minutes, 1 to 1440`; empty where the procedure says it. */
  readonly range: string;
  /** When it became so, ISO 8601; empty: since before this station remembers. */
  readonly since: string;
  /** File and line that have locked it; empty: it may be changed. */
  readonly locked: string;
  /** What the tiers say, where a person has set something else here; empty: nobody has. */
  readonly instead: string;
}

export interface ConfigurationChange {
  /** ISO 8601. */
  readonly at: string;
  readonly key: string;
  /** Empty: nothing was said. */
  readonly before: string;
  readonly after: string;
  /** Of the new value. */
  readonly tier: string;
  /** Of all values in force from then on. */
  readonly hash: string;
}

export interface ConfigurationView {
  /** built-in: nobody says anything. manifest: fleet.yaml alone. unsigned: a development configuration. */
  readonly source: 'built-in' | 'manifest' | 'unsigned' | 'signed';
  readonly hash: string;
  /** Of the document; 0: there is none. */
  readonly number: number;
  readonly madeAt: string;
  /** In force here since, ISO 8601; empty: always. */
  readonly since: string;
  readonly signedBy: string;
  readonly product: string;
  readonly values: readonly ConfigurationValue[];
  /** Newest first. */
  readonly changes: readonly ConfigurationChange[];
}

export interface ConfigurationCommands {
  configuration(): ConfigurationView;
}
