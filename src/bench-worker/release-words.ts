/** What people are told about signed releases: what was refused, what is held by hand, what was revoked. Words only. */
import type { ProcedureReleases, ReleasesView, RefusedRelease } from '#engine/link/release-link.ts';
import type { Notice } from '#engine/link/station-link.ts';
import type { PublishedProcedure } from '#fleet/distribution/signed/release-index.ts';
import { type HaltReason, ringOf } from '#fleet/distribution/signed/rollout.ts';
import { pinFor, titleOf, wantedRelease } from '#fleet/distribution/signed/wanted-release.ts';
import { type Book, isRevoked, type KeptEntry, publishedAs, type Scene, usedEntry } from './release-book.ts';

/** One of each code. @param usedOf what the station goes on with; undefined: it has nothing of that procedure */
export function refusalNotices(
  refused: readonly RefusedRelease[],
  usedOf: (what: string) => KeptEntry | undefined,
): Notice[] {
  const notices = new Map<string, Notice>();
  for (const { what, code, message, remedy } of refused) {
    const used = usedOf(what);
    const goesOn = used ? ` The station goes on with ${titleOf(used.offered)}.` : '';
    const before = notices.get(code)?.message ?? 'A release was refused.';
    notices.set(code, { code, tone: 'warning', message: `${before} ${message}${goesOn}`, remedy });
  }
  return [...notices.values()];
}

/** @returns null while nothing is held */
export function heldNotice(book: Book, scene: Scene): Notice | null {
  const held = Object.entries(book.procedures).flatMap(([folder, mine]) => {
    if (!mine.held) return [];
    const one = publishedAs(book, folder);
    const wanted = one && wantedRelease(one, scene);
    const fleets =
      wanted && wanted.release !== mine.in_use ? `; the fleet wants ${wanted.version || 'another one'}` : '';
    return [`${titleOf(usedEntry(mine).offered)} is held here${mine.held.by && ` by ${mine.held.by}`}${fleets}.`];
  });
  if (held.length === 0) return null;
  return {
    code: 'release-held',
    tone: 'info',
    message: held.join(' '),
    remedy: 'Under Procedures a supervisor can let it follow the fleet again.',
  };
}

/** @returns null when what is in use may be */
export function revokedNotice(book: Book): Notice | null {
  const used = Object.values(book.procedures).map(usedEntry);
  const revoked = used.filter((entry) => isRevoked(book, entry));
  if (revoked.length === 0) return null;
  const names = revoked.map(({ offered, key }) => `${titleOf(offered)} was signed by “${key.name}”`);
  return {
    code: 'release-in-use-revoked',
    tone: 'warning',
    message: `${names.join(', ')}, a key that was revoked since. The station goes on with it.`,
    remedy: 'Sign the release with a key that counts and publish it again, or publish another one.',
  };
}

/** @returns null while none stands against a rollout that is meant for this station */
export function haltNotice(book: Book, scene: Scene): Notice | null {
  const words = (book.halts ?? []).flatMap(({ procedure, reason, by }) => {
    const one = publishedAs(book, procedure);
    if (!one?.rollout || ringOf(one.rollout, scene) < 0 || ringOf(one.rollout, scene) >= one.rollout.open) return [];
    const [next, current] = [one.rollout.release, one.current].map((wanted) =>
      one.releases.find(({ release }) => release === wanted),
    );
    return [
      `${titleOf(next!)} was taken back ${by === 'station' ? 'here' : 'everywhere'}: ${REASONS[reason]}. Units are tested with ${current!.version || 'the release before'}.`,
    ];
  });
  if (words.length === 0) return null;
  const remedy = 'Whoever releases procedures looks at it; nothing needs to be done here.';
  return { code: 'rollout-halted', tone: 'warning', message: words.join(' '), remedy };
}

const REASONS: Readonly<Record<HaltReason, string>> = {
  'first-pass-yield': 'fewer units pass at their first test than with the release before',
  'error-rate': 'more runs end as ERROR than with the release before',
  duration: 'passing runs take longer than with the release before',
  'errors-here': 'three runs, one after the other, ended as ERROR',
};

function rolloutView(
  { halts = [] }: Book,
  one: PublishedProcedure | undefined,
  scene: Scene,
): Pick<ProcedureReleases, 'rollout'> {
  if (!one?.rollout) return {};
  const { release, attempt, rings, open } = one.rollout;
  const ring = ringOf(one.rollout, scene);
  const halt = halts.find((other) => other.procedure === one.procedure && other.attempt === attempt);
  return {
    rollout: {
      release,
      attempt,
      ring: rings[ring]?.name ?? '',
      isOpen: ring >= 0 && ring < open,
      halt: halt ? { by: halt.by, reason: halt.reason } : null,
    },
  };
}

export function releasesView(book: Book, refused: readonly RefusedRelease[], scene: Scene): ReleasesView {
  const procedures = Object.entries(book.procedures).map(([folder, mine]) => {
    const one = publishedAs(book, folder);
    const wanted = one && wantedRelease(one, scene);
    const pin = one && pinFor(one, scene);
    return {
      folder,
      inUse: mine.in_use,
      since: mine.since,
      held: mine.held ?? null,
      wanted: wanted
        ? { release: wanted.release, version: wanted.version, pin: pin ? (pin.reason ?? '') : null }
        : null,
      ...rolloutView(book, one, scene),
      kept: mine.kept.map((entry) => ({
        release: entry.offered.release,
        version: entry.offered.version,
        signedBy: entry.key.name,
        arrivedAt: entry.arrived_at,
        barred: isRevoked(book, entry) ? `The key “${entry.key.name}” is revoked.` : null,
      })),
    };
  });
  return { procedures, refused };
}
