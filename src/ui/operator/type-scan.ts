/**
 * Enters what a scanner on a serial port has read, as if it were a keyboard: key by key into whatever has the focus, then
 * Enter.
 *
 * So a code goes where a typed one goes, by the same code: into a question's field, to the scan field, or to nobody on a
 * screen that takes none. Every key is offered first, as a browser does it. Knows nothing of those who take keys.
 */

/** Two codes at once are never mixed. */
let last: Promise<void> = Promise.resolve();

/** @param settled resolves when what a key has changed is on the page */
export function typeScan(text: string, settled: () => Promise<void>): Promise<void> {
  return (last = last.catch(() => {}).then(() => type([...text, 'Enter'], settled)));
}

async function type(keys: readonly string[], settled: () => Promise<void>): Promise<void> {
  for (const key of keys) {
    const target = document.activeElement ?? document.body;
    const isLeft = target.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
    // Whoever wants the key may have moved the focus, at once or with the next state.
    await settled();
    const field = document.activeElement;
    if (!isLeft || !isField(field) || field.readOnly || field.disabled) continue;
    if (key !== 'Enter') insert(field, key);
    else enter(field);
  }
}

function enter(field: HTMLInputElement | HTMLTextAreaElement): void {
  if (field instanceof HTMLInputElement) field.form?.requestSubmit();
  else insert(field, '\n');
}

function insert(field: HTMLInputElement | HTMLTextAreaElement, data: string): void {
  const { selectionStart, selectionEnd } = field;
  if (selectionStart === null) return;
  field.setRangeText(data, selectionStart, selectionEnd ?? selectionStart, 'end');
  field.dispatchEvent(new InputEvent('input', { data, inputType: 'insertText', bubbles: true }));
}

function isField(element: Element | null): element is HTMLInputElement | HTMLTextAreaElement {
  return element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement;
}
