/**
 * The browser's offer to install the app, kept until a person asks for it on a screen: made by itself it would lie over the
 * scan field in the middle of work.
 */
interface InstallPrompt extends Event {
  /** Opens the browser's own question; must be called inside a click. Once for each offer. */
  prompt(): Promise<{ readonly outcome: 'accepted' | 'dismissed' }>;
}

export interface InstallOffer {
  isMade(): boolean;
  /** @returns whether the person installs it */
  take(): Promise<boolean>;
  /** It is made, or there is none any more. @returns a function that stops listening */
  on(listener: () => void): () => void;
}

export function keepInstallOffer(target: EventTarget): InstallOffer {
  let offer: InstallPrompt | null = null;
  const listeners = new Set<() => void>();
  const become = (next: InstallPrompt | null) => {
    offer = next;
    for (const listener of listeners) listener();
  };
  target.addEventListener('beforeinstallprompt', (event) => {
    event.preventDefault();
    become(event as InstallPrompt);
  });
  target.addEventListener('appinstalled', () => become(null));
  return {
    isMade: () => offer !== null,
    take: async () => {
      const taken = offer;
      become(null);
      return (await taken?.prompt())?.outcome === 'accepted';
    },
    on: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
