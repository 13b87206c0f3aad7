/**
 * What a process takes of this machine, as the kernel counts it: memory now and at most, processor over any time.
 *
 * From /proc; knows nothing of what the process does.
 */
import { readFileSync } from 'node:fs';

/** `sysconf(_SC_CLK_TCK)`: 100 on every Linux that Node runs on. */
const TICKS_PER_S = 100;
const KIB = 1024;

export interface Load {
  readonly residentBytes: number;
  readonly mostResidentBytes: number;
  /** Of one core, since the look before. */
  readonly cores: number;
}

export class ProcessWatch {
  readonly #pid: number;
  #atMs: number;
  #ticks: number;
  readonly #beganMs = performance.now();
  readonly #first: number;

  constructor(pid: number) {
    this.#pid = pid;
    this.#atMs = performance.now();
    this.#ticks = this.#first = ticksOf(pid);
  }

  look(): Load {
    const [nowMs, ticks] = [performance.now(), ticksOf(this.#pid)];
    const cores = (ticks - this.#ticks) / TICKS_PER_S / ((nowMs - this.#atMs) / 1000);
    [this.#atMs, this.#ticks] = [nowMs, ticks];
    const status = readFileSync(`/proc/${this.#pid}/status`, 'utf8');
    const bytes = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1] ?? 0) * KIB;
    return { residentBytes: bytes('VmRSS'), mostResidentBytes: bytes('VmHWM'), cores };
  }

  /** Of one core, since this watch began. */
  get meanCores(): number {
    return (ticksOf(this.#pid) - this.#first) / TICKS_PER_S / ((performance.now() - this.#beganMs) / 1000);
  }
}

/** User and system time. The second field, the name, may hold spaces and stands in brackets. */
function ticksOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return Number(fields[11]) + Number(fields[12]);
}
