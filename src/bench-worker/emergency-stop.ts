/**
 * A person pressed emergency stop: wires first, then the run, then words.
 *
 * Joins fixture, run desk and view. Works with and without a run. Knows nothing of how a wire is cut or a run ends.
 */
import type { Notice } from '#engine/link/station-link.ts';
import type { PlugStatus } from '#hardware/bench/bench.ts';
import type { Fixture } from './fixture.ts';
import type { RunDesk } from './run-desk.ts';
import type { View } from './view.ts';
import type { WorkshopDesk } from './workshop/workshop-desk.ts';

export interface EmergencyParts {
  readonly fixture: Pick<Fixture, 'cutOff' | 'hasSafeState'>;
  readonly desk: Pick<RunDesk, 'cut'>;
  readonly workshop: Pick<WorkshopDesk, 'cutOff' | 'hasSafeState'>;
}

/** Every wire is cut when this returns; what came of it is told when it is known. */
export function emergencyStop(view: View, parts: EmergencyParts | undefined): void {
  // Nothing may stand before this line.
  const cut = [parts?.fixture.cutOff(), parts?.workshop.cutOff()].filter((one) => one != null);
  parts?.desk.cut();
  if (cut.length === 0) return view.notice(NO_WIRES);
  view.notice(CUT);
  const hasSafeState = parts?.workshop.hasSafeState === true || parts?.fixture.hasSafeState === true;
  void Promise.all(cut).then(
    (unsafe) => view.notice(noticeOf(unsafe.flat(), hasSafeState)),
    // As it stands: cut, and nothing confirmed.
    (thrown: unknown) => console.error('the emergency stop could not be followed to its end', thrown),
  );
}

const CODE = 'emergency-stop';

const CUT: Notice = {
  code: CODE,
  tone: 'error',
  message: 'Emergency stop: every wire is cut. The safe state is not confirmed yet.',
  remedy: 'Take care: the unit may still be powered.',
};

const NO_WIRES: Notice = {
  code: CODE,
  tone: 'error',
  message: 'Emergency stop: this station holds no wire, so there was none to cut.',
  remedy: 'Use the fixture’s own switch.',
};

function noticeOf(unsafe: readonly PlugStatus[], hasSafeState: boolean): Notice {
  if (unsafe.length > 0)
    return {
      code: CODE,
      tone: 'error',
      message: `Emergency stop: every wire was cut, and no safe state was confirmed since by ${unsafe.map(({ name }) => name).join(', ')}.`,
      remedy:
        'Take care: the unit may still be powered. Use the fixture’s own switch. No unit is tested before it has confirmed.',
    };
  if (!hasSafeState)
    return {
      code: CODE,
      tone: 'error',
      message: 'Emergency stop: every wire was cut. This procedure states no safe state, so nothing was switched off.',
      remedy: 'Take care: the unit may still be powered. Use the fixture’s own switch.',
    };
  return {
    code: CODE,
    tone: 'warning',
    message: 'Emergency stop: every wire was cut, and the safe state was confirmed afterwards.',
    remedy: 'Look at the fixture before you reach into it: a screen is no proof that it is off.',
  };
}
