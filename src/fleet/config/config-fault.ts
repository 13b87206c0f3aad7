/**
 * Why a station's configuration is not taken over: the closed list, each with its remedy.
 *
 * Thrown by the files of this folder, shown at the station. What is refused changes nothing: the configuration before it
 * stays in force. Signatures and keys are refused as those of releases are.
 */
import { Fault } from '#base/fault.ts';

const REMEDIES = {
  'config-station': 'Publish it again: fieldbench config publish writes each under its station’s name.',
  'config-older': 'Find out who put back old files. To go back on purpose, publish the older settings: they count on.',
  'config-forked': 'Two people have published at once: publish once more.',
  'config-unsigned': 'Sign it: fieldbench config publish. What was signed before stays in force.',
  'config-value': 'Update the app of this station, or correct the setting and publish again.',
  'config-parameter': 'Correct the parameter and publish again, or publish the procedure first that has it.',
  'config-storage': 'Free disk space on this computer; it is fetched again by itself.',
} as const;

export type ConfigCode = keyof typeof REMEDIES;

export function configFault(code: ConfigCode, message: string, cause?: unknown): Fault<ConfigCode> {
  return new Fault(code, message, REMEDIES[code], cause === undefined ? undefined : { cause });
}
