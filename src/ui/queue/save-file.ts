/**
 * How a file leaves the page: into the downloads, where the person says, or to another program.
 *
 * Each way answers whether the file was kept. Knows nothing of what is in it.
 */
import type { TransferFile } from '#engine/link/transfer-link.ts';

export type Save = (file: Pick<TransferFile, 'name' | 'bytes'>) => Promise<boolean>;

/** Of File System Access; not in the DOM library yet. */
interface Picker {
  showSaveFilePicker?(options: {
    readonly suggestedName: string;
    readonly types: readonly { readonly description: string; readonly accept: Readonly<Record<string, string[]>> }[];
  }): Promise<{
    createWritable(): Promise<{ write(bytes: Uint8Array<ArrayBuffer>): Promise<void>; close(): Promise<void> }>;
  }>;
}

export const FILE_ENDING = '.fieldbench';
/** As which it leaves where only text is taken: browsers share no file of an unknown kind. */
const TEXT_ENDING = '.txt';
const TEXT_TYPE = 'text/plain';
/** What a person may choose in the browser's file chooser. */
export const FILE_ENDINGS = `${FILE_ENDING},${TEXT_ENDING}`;
const MEDIA_TYPE = 'application/zip';
/** By the end of a file's name; everything else is a ZIP. */
const MEDIA_TYPES: Readonly<Record<string, string>> = {
  csv: 'text/csv',
  html: 'text/html',
  json: 'application/json',
  xml: 'application/xml',
  yaml: 'text/yaml',
  yml: 'text/yaml',
};
/** The browser reads the bytes when it begins the download; a slow disk may begin late. */
const KEEP_URL_MS = 60_000;

export const canPickPlace = (): boolean => typeof (globalThis as Picker).showSaveFilePicker === 'function';

export const download: Save = async ({ name, bytes }) => {
  const url = URL.createObjectURL(new Blob([bytes], { type: MEDIA_TYPES[name.split('.').at(-1) ?? ''] ?? MEDIA_TYPE }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), KEEP_URL_MS);
  return true;
};

export const saveWherePicked: Save = async ({ name, bytes }) => {
  const { showSaveFilePicker } = globalThis as Picker;
  if (!showSaveFilePicker) return download({ name, bytes });
  try {
    const types = [{ description: 'Fieldbench transfer', accept: { [MEDIA_TYPE]: [FILE_ENDING] } }];
    const handle = await showSaveFilePicker.call(globalThis, { suggestedName: name, types });
    const writable = await handle.createWritable();
    await writable.write(bytes);
    await writable.close();
    return true;
  } catch (thrown) {
    if (thrown instanceof DOMException && thrown.name === 'AbortError') return false;
    throw thrown;
  }
};

/** How this browser shares a file of ours; null where it does not. */
export function sharedAs(): 'file' | 'text' | null {
  const takes = (name: string, type: string) =>
    navigator.canShare?.({ files: [new File([], name, { type })] }) === true;
  if (takes(`a${FILE_ENDING}`, MEDIA_TYPE)) return 'file';
  return takes(`a${FILE_ENDING}${TEXT_ENDING}`, TEXT_TYPE) ? 'text' : null;
}

/** Into the browser's share sheet. @param asText the same file as lines of letters */
export function share(asText: (bytes: Uint8Array<ArrayBuffer>) => Promise<string>): Save {
  return async ({ name, bytes }) => {
    const file =
      sharedAs() === 'text'
        ? new File([await asText(bytes)], name + TEXT_ENDING, { type: TEXT_TYPE })
        : new File([bytes], name, { type: MEDIA_TYPE });
    try {
      await navigator.share({ files: [file], title: name });
      return true;
    } catch (thrown) {
      if (thrown instanceof DOMException && thrown.name === 'AbortError') return false;
      throw thrown;
    }
  };
}
