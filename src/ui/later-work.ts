/** What a station's window does beside its screens, begun when there is nothing else to do. Above: App.svelte, through later.ts. */
import { backToTest, isTypingHere } from '#ui/back-to-test.ts';
import type { Surroundings } from '#ui/context.ts';
import { tellWalls } from '#ui/wall/wall-teller.svelte.ts';

export function beginLaterWork({
  station,
  emergency,
  router,
  preferences,
}: Pick<Surroundings, 'station' | 'emergency' | 'router' | 'preferences'>): void {
  tellWalls(station, emergency);
  backToTest({
    window,
    screen: () => router.route.screen,
    minutes: () => preferences.backAfterMin,
    isTyping: isTypingHere,
    goBack: () => router.go('/'),
    monotonicMs: () => performance.now(),
  });
}
