/** The few things that every screen may need, handed down from App.svelte without passing through each component. */
import { createContext } from 'svelte';
import type { EmergencyDesk } from '#ui/operator/emergency-desk.svelte.ts';
import type { PromptDesk } from '#ui/operator/prompt/prompt-desk.svelte.ts';
import type { ScanDesk } from '#ui/operator/scan-desk.svelte.ts';
import type { SignInDesk } from '#ui/people/sign-in-desk.svelte.ts';
import type { Preferences } from '#ui/preferences.svelte.ts';
import type { Router } from '#ui/router.svelte.ts';
import type { StationState } from '#ui/station-state.svelte.ts';

export interface Surroundings {
  readonly station: StationState;
  readonly desk: ScanDesk;
  readonly emergency: EmergencyDesk;
  readonly people: SignInDesk;
  readonly prompts: PromptDesk;
  readonly router: Router;
  readonly preferences: Preferences;
}

export const [surroundings, setSurroundings] = createContext<Surroundings>();
