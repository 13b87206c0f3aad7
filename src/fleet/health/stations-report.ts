/**
 * `GET /fleet/stations`: every station that a server and its peers have heard, as it is told to screens. Types only.
 *
 * Written by the server, read by the list of stations. Knows nothing of either.
 */
import type { AttentionCode } from '#fleet/health/attention.ts';
import type { RolloutReport } from '#fleet/health/rollout-report.ts';
import type { Heartbeat } from '#fleet/health/heartbeat.ts';

export interface StationsReport {
  readonly format: 1;
  /** UTC, ISO 8601, by the server's clock. */
  readonly at: string;
  /** Since then this server listens; of what came before it knows nothing. */
  readonly since: string;
  /** How often each station says how it is. */
  readonly heartbeat_s: number;
  /** By site, line and number. */
  readonly stations: readonly ReportedStation[];
  /** Which server process answers, by a name that it made up at its start. */
  readonly server?: string;
  /** Other servers that were asked for what they have heard, and how many of them did not answer; absent: there are none. */
  readonly peers?: { readonly asked: number; readonly unanswered: number };
  /** New releases that go to the fleet ring by ring; absent: a server that knows of none. */
  readonly rollouts?: readonly RolloutReport[];
}

export interface ReportedStation {
  readonly station: string;
  readonly site: string;
  readonly line: string;
  /** UTC, ISO 8601, by the server's clock. */
  readonly heard_at: string;
  /** What needs a person, the most urgent first; empty: nothing. */
  readonly attention: readonly AttentionCode[];
  /** How old the oldest run that is not delivered is; 0: there is none. */
  readonly queue_age_s: number;
  readonly disk_free_bytes: number | null;
  /** What it said last; of several under one name the one that has the name. */
  readonly said: Heartbeat;
}
