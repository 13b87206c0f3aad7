/**
 * The embedded stand-in for TofuPilot: what it holds, and what its organisation has.
 *
 * Procedures are those of the fleet's folder; one that was there once stays known, as it would in TofuPilot. Knows
 * nothing of HTTP (sandbox-api.ts, sandbox-page.ts).
 */
import type { Fleet } from '#server/fleet/fleet.ts';
import { Attachments } from '#server/sandbox/attachments.ts';
import { Faults } from '#server/sandbox/faults.ts';
import { Runs } from '#server/sandbox/runs.ts';

export interface KnownProcedure {
  readonly id: string;
  readonly name: string;
}

export class Sandbox {
  readonly runs = new Runs();
  readonly faults = new Faults();
  readonly attachments: Attachments;
  readonly nowMs: () => number;
  readonly #fleet: Pick<Fleet, 'sources'>;
  readonly #procedures = new Map<string, KnownProcedure>();

  constructor(fleet: Pick<Fleet, 'sources'>, nowMs: () => number) {
    this.#fleet = fleet;
    this.nowMs = nowMs;
    this.attachments = new Attachments(nowMs);
  }

  async procedures(): Promise<KnownProcedure[]> {
    for (const { id, name } of await this.#fleet.sources())
      if (id) this.#procedures.set(id.toLowerCase(), { id, name });
    return [...this.#procedures.values()];
  }

  clear(): void {
    this.runs.clear();
    this.attachments.clear();
  }
}
