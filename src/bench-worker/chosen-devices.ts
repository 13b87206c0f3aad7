/**
 * Which of several devices that fit a plug a person has chosen at this station, by what it answers.
 *
 * Kept in the store, read by fixture.ts when the bench is built. Pure. Knows nothing of hardware.
 */
import type { PlugPlace } from '#engine/link/fixture-link.ts';

/** Answers by plug and slot. */
export type ChosenDevices = Readonly<Record<string, string>>;

export const CHOSEN_DEVICES = 'chosenDevices';

/** @param answer null: any that fits */
export function withChoice(chosen: ChosenDevices, place: PlugPlace, answer: string | null): ChosenDevices {
  const { [keyOf(place)]: _before, ...others } = chosen;
  return answer === null ? others : { ...others, [keyOf(place)]: answer };
}

export function choiceOf(chosen: ChosenDevices, plug: { readonly key: string; readonly slot?: string }) {
  const answer = chosen[keyOf({ ...plug, plug: plug.key })];
  return answer === undefined ? {} : { chosen: answer };
}

function keyOf({ plug, slot = '' }: PlugPlace): string {
  return `${slot}/${plug}`;
}
