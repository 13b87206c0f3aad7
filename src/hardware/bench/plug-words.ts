/**
 * What a plug's state means to the person at the station: one sentence what is wrong, one what to do.
 *
 * Pure. Knows nothing of how a state came about.
 */
import { Fault } from '#base/fault.ts';
import type { PlugState } from '#hardware/bench/bench.ts';
import type { Reach } from '#hardware/bench/device-host.ts';
import type { BenchResource } from '#hardware/bench/plug.ts';
import type { HardwareCode, HardwareFault } from '#hardware/transport/transport.ts';

export interface PlugWords {
  readonly state: PlugState;
  readonly message: string;
  readonly remedy: string;
}

/** What was found at a port that may carry the plug, worst news for the reader last. */
export type Finding =
  | { readonly kind: 'none' }
  | { readonly kind: 'silent' }
  | { readonly kind: 'busy'; readonly reach: Reach; readonly remedy: string }
  | { readonly kind: 'fault'; readonly message: string; readonly remedy: string }
  | { readonly kind: 'permission'; readonly reach: Reach; readonly remedy?: string }
  | { readonly kind: 'other'; readonly answer: string }
  /** It answers as the device does that the plug (its key) is bound to. */
  | { readonly kind: 'twin'; readonly answer: string; readonly plug: string }
  | { readonly kind: 'ambiguous'; readonly answer: string; readonly plugs: readonly string[] };

const RANK = ['none', 'silent', 'busy', 'fault', 'permission', 'other', 'twin', 'ambiguous'];

const DEVICES = { serial: 'serial ports', usb: 'USB devices' } as const;

/** The finding that says most. */
export function mostTelling(findings: readonly Finding[]): Finding {
  return findings.reduce<Finding>(
    (best, finding) => (RANK.indexOf(finding.kind) > RANK.indexOf(best.kind) ? finding : best),
    { kind: 'none' },
  );
}

/** @param wasReady the plug was ready before, so that it is now lost rather than missing */
export function wordsFor(name: string, finding: Finding, wasReady: boolean): PlugWords {
  const state = wasReady ? 'lost' : 'missing';
  switch (finding.kind) {
    case 'none':
      return wasReady
        ? { state, message: `${name} is gone.`, remedy: 'Check its cable and its power, and plug it in again.' }
        : {
            state,
            message: `${name} is not connected.`,
            remedy:
              'Plug it in; if it is plugged in, connect it once in the fixtures view, so that the browser permits it.',
          };
    case 'silent':
      return {
        state,
        message: `${name}: a device is plugged in, but it does not answer.`,
        remedy: 'Switch it on, and check its cable and the baud rate in the procedure.',
      };
    case 'busy':
      return {
        state,
        message:
          finding.reach === 'usb'
            ? `${name} cannot be used: a driver of the system, another program or another tab holds it.`
            : `${name} cannot be opened: another program or browser tab holds its port.`,
        remedy: finding.remedy,
      };
    case 'fault':
      return { state, message: finding.message, remedy: finding.remedy };
    case 'permission':
      return {
        state: 'permission',
        message: `${name} cannot be reached: the browser refuses access to ${DEVICES[finding.reach]}.`,
        remedy: finding.remedy ?? `Allow ${DEVICES[finding.reach]} for this site, in the browser or by policy.`,
      };
    case 'other':
    case 'twin':
      return {
        state: 'wrong',
        message: `Another device is plugged in where ${name} should be; it answers “${shorten(finding.answer)}”.`,
        remedy: `Plug in ${name}, or correct its identity in the procedure.`,
      };
    case 'ambiguous':
      return {
        state: 'wrong',
        message: `The device “${shorten(finding.answer)}” could be any of: ${finding.plugs.join(', ')}.`,
        remedy: 'Give these plugs identities in the procedure that tell them apart.',
      };
  }
}

export function lookingFor(name: string): PlugWords {
  return { state: 'missing', message: `${name} is being looked for.`, remedy: 'Wait a moment.' };
}

/** @param kind of the plug's resource */
export function noAccess(name: string, kind: BenchResource['kind']): PlugWords {
  return {
    state: 'permission',
    message: `${name} cannot be reached: this browser has no access to ${DEVICES[kind === 'serial' ? 'serial' : 'usb']}.`,
    remedy: 'Use Chrome or Edge on a computer, installed as a normal package.',
  };
}

/** Two devices that answer as this plug does. @param serialNumbers of them, where the browser shows any */
export function twins(name: string, answers: readonly string[], serialNumbers: readonly string[]): PlugWords {
  const shown = answers.map((answer) => `“${shorten(answer)}”`).join(' and ');
  const numbers = serialNumbers.length > 0 ? ` (${serialNumbers.join(', ')})` : '';
  const first = new Set(answers).size > 1 ? 'Choose one of them on Fixtures, unplug' : 'Unplug';
  return {
    state: 'wrong',
    message: `Two devices answer as ${name}${shown && `: ${shown}`}. Which of them is meant cannot be told.`,
    remedy: `${first} the other one, or give ${name} an identity or a USB serial_number${numbers} in the procedure that only one of them has.`,
  };
}

export function rebooting(name: string): PlugWords {
  return { state: 'rebooting', message: `${name} is rebooting.`, remedy: 'Wait a moment.' };
}

/** @returns why it cannot be waited for, since nobody knows whether it is the same device */
export function leftBefore(name: string): HardwareFault {
  return new Fault<HardwareCode>(
    'lost',
    `${name} was gone before its reboot was expected.`,
    'Put what makes it reboot into “expect_reboot”, as its command or its steps.',
  );
}

export function unsafe(name: string, why: string): PlugWords {
  return {
    state: 'lost',
    message: `${name} did not confirm its safe state: ${why}`,
    remedy: 'Take care: the unit may still be powered. Switch the fixture off and on, or plug it in again.',
  };
}

/** @param isSafeLater its safe state is sent as soon as it is found again */
export function cutOff(name: string, isSafeLater: boolean): PlugWords {
  const state = 'lost';
  if (!isSafeLater)
    return { state, message: `${name} was cut off by the emergency stop.`, remedy: 'Wait until it is ready again.' };
  return {
    state,
    message: `${name} was cut off by the emergency stop and has not confirmed its safe state since.`,
    remedy: 'Take care: the unit may still be powered. Look at the fixture, and use its own switch if it is not off.',
  };
}

/** @param usb of a device that became another in a run before, and still is */
export function another(name: string, usb: string): PlugWords {
  return {
    state: 'wrong',
    message: `${name} is still USB ${usb}, which it became by a reboot in an earlier run.`,
    remedy: 'Switch it off and on, so that it is again what the procedure states.',
  };
}

export function notChecked(name: string): PlugWords {
  return {
    state: 'lost',
    message: `${name} was not checked: the start was stopped.`,
    remedy: 'Scan the unit again.',
  };
}

export function noAnswer(name: string): PlugWords {
  return {
    state: 'lost',
    message: `${name} does not answer any more.`,
    remedy: 'Switch it off and on, or plug it in again.',
  };
}

function shorten(answer: string): string {
  return answer.length > 60 ? `${answer.slice(0, 60)}…` : answer;
}
