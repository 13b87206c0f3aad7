/**
 * Opens one port and finds out who is behind it, and for which plug.
 *
 * One probe of one candidate; search.ts decides when and which. A device that fits is handed to its plug, any other is
 * released. Knows nothing of time between probes.
 */
import type { Clock } from '#base/clock.ts';
import { Fault, messageOf } from '#base/fault.ts';
import { wireKey, type BenchResource } from '#hardware/bench/plug.ts';
import type { Reach, RealDevice } from '#hardware/bench/device-host.ts';
import type { Place } from '#hardware/bench/found-device.ts';
import type { PlugLink } from '#hardware/bench/plug-link.ts';
import type { Finding } from '#hardware/bench/plug-words.ts';
import { openSession } from '#hardware/instrument/open-device.ts';
import type { Transport } from '#hardware/transport/transport.ts';
import { logged, WireLog } from '#hardware/transport/wire-log.ts';

/** A device that was busy with its own start at the first question has a second chance. */
const IDENTITY_ATTEMPTS = 2;

/** A port, real or simulated, that may carry a plug. */
export interface Candidate extends Place {
  readonly reach: Reach | 'simulated';
  /** What is behind it; null: a simulated plug's wire. */
  readonly device: RealDevice | null;
  mayCarry(link: PlugLink): boolean;
  transport(resource: BenchResource): Transport;
}

/** @returns null when a plug is ready on this candidate now */
export async function probe(
  candidate: Candidate,
  links: readonly PlugLink[],
  clock: Clock,
  signal: AbortSignal,
): Promise<Finding | null> {
  const wanted = links.filter((link) => !isTaken(link) && candidate.mayCarry(link));
  const byWire = new Map(wanted.map((link) => [wireKey(link.plug), link.form.resource]));
  let finding: Finding = { kind: 'none' };
  for (const [wire, resource] of byWire) {
    const group = wanted.filter((link) => !isTaken(link) && wireKey(link.plug) === wire);
    if (group.length === 0) continue;
    const bare = candidate.transport(resource);
    const log = candidate.reach === 'simulated' ? null : new WireLog(bare);
    const transport = log ? logged(bare, log, () => clock.monotonicMs()) : bare;
    try {
      const result = await probeWith({ transport, log, candidate, resource, group, links, clock, signal });
      if (result === null) return null;
      finding = result;
    } catch (thrown) {
      finding = findingOf(thrown, candidate.reach);
    }
    await transport.close();
    // What cannot be opened with one setting will not be opened with another, and who has answered is known.
    if (finding.kind === 'busy' || finding.kind === 'permission' || finding.kind === 'twin') break;
  }
  return finding;
}

interface Attempt {
  readonly transport: Transport;
  readonly log: WireLog | null;
  readonly candidate: Candidate;
  readonly resource: BenchResource;
  /** Plugs that this wire may be for. */
  readonly group: readonly PlugLink[];
  /** All plugs of the bench. */
  readonly links: readonly PlugLink[];
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

async function probeWith({
  transport,
  log,
  candidate,
  resource,
  group,
  links,
  clock,
  signal,
}: Attempt): Promise<Finding | null> {
  // All of the group speak alike.
  const session = openSession(group[0]!.plug, resource, transport, clock);
  await transport.open(signal);
  const resetMs = Math.max(...group.map((link) => (link.simulated ? 0 : link.form.resource.resetOnOpenMs)));
  if (resetMs > 0) await clock.sleep(resetMs, signal);
  const isWanted = (answer: string) => group.some((link) => link.form.accepts(answer));
  let found = await session.identify(isWanted, signal);
  for (let attempt = 1; attempt < IDENTITY_ATTEMPTS && found.kind !== 'match'; attempt++) {
    const again = await session.identify(isWanted, signal);
    if (again.kind !== 'silent') found = again;
  }
  const { kind } = found;
  if (kind === 'silent') return { kind };
  const { answer } = found;
  const contenders = contendersFor(
    answer,
    links.filter((link) => candidate.mayCarry(link)),
  );
  const [chosen, rival] = contenders;
  // Another device has become this plug while this one was asked: which of the two is meant, nobody can tell.
  if (chosen && !rival && isTaken(chosen)) return { kind: 'twin', answer, plug: chosen.plug.key };
  if (kind === 'other' || !chosen) return { kind: 'other', answer };
  if (rival) return { kind: 'ambiguous', answer, plugs: contenders.map(({ plug }) => plug.name) };
  return chosen.bind({ candidate, transport, session, answer, log }, signal);
}

/** The plugs that an answer names; those that any answer satisfies count only when it names none. */
function contendersFor(answer: string, links: readonly PlugLink[]): readonly PlugLink[] {
  const named = links.filter((link) => link.form.hasPattern && link.form.accepts(answer));
  return named.length > 0 ? named : links.filter((link) => !link.form.hasPattern && link.form.accepts(answer));
}

function isTaken(link: PlugLink): boolean {
  return link.candidate !== null;
}

function findingOf(thrown: unknown, reach: Candidate['reach']): Finding {
  if (!(thrown instanceof Fault))
    return { kind: 'fault', message: messageOf(thrown), remedy: 'Plug the device in again.' };
  // The transport's words say what to do on this system (34, 50).
  const { remedy } = thrown;
  if (thrown.code === 'busy') return { kind: 'busy', reach: reach === 'usb' ? 'usb' : 'serial', remedy };
  if (thrown.code === 'permission-needed')
    return { kind: 'permission', reach: reach === 'usb' ? 'usb' : 'serial', remedy };
  if (thrown.code === 'lost' || thrown.code === 'aborted') return { kind: 'none' };
  return { kind: 'fault', message: thrown.message, remedy: thrown.remedy };
}
