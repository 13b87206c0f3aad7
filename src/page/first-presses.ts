/**
 * What is pressed on the first picture of the screen, before it is alive: kept, and pressed again when it is.
 *
 * The first picture is HTML (prerender.ts). Its field keeps what is typed into it; its buttons would do nothing, and
 * Enter in the field would load the page anew. Links and the menu work without any script. Above it: first.ts and
 * main.ts. Knows nothing of what a button means.
 */
const HELD = 'button:not([popovertarget])';
/** A key that is no letter of a scan: an emergency stop, for instance, wherever the focus is. */
const isCommand = ({ key, ctrlKey }: KeyboardEvent) => key === 'Pause' || key === 'Cancel' || ctrlKey;

/** @returns ends the holding, and presses what was held */
export function holdPresses(): () => void {
  const again = new Map<EventTarget | string, () => void>();
  const end = new AbortController();
  const hold = (event: Event) => {
    const button = event.target instanceof Element ? event.target.closest<HTMLButtonElement>(HELD) : null;
    if (!button) return;
    event.preventDefault();
    // The next scan replaces the one that is kept, and does not grow it.
    if (button.type === 'submit') button.form?.querySelector('input')?.select();
    again.set(button, () => button.click());
  };
  const note = (event: KeyboardEvent) => {
    // Before the first frame the field has not got the focus yet; given now, this very key goes into it.
    if (event.key.length === 1 && document.activeElement === document.body) document.querySelector('input')?.focus();
    if (isCommand(event)) again.set(event.key, () => document.body.dispatchEvent(new KeyboardEvent('keydown', event)));
  };
  document.addEventListener('click', hold, { capture: true, signal: end.signal });
  document.addEventListener('keydown', note, { capture: true, signal: end.signal });
  return () => {
    end.abort();
    for (const press of again.values()) press();
  };
}
