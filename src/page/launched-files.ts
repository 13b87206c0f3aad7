/**
 * Files that a person opens from the system's file manager with the installed app: runs of another station, or a receipt.
 *
 * The window that is there is brought to the front and never loaded anew (the manifest's `launch_handler`), so a run under
 * way goes on. The files wait here until Uploads takes them. Loaded when there is nothing else to do: the browser keeps a
 * launch until somebody listens.
 */
export interface LaunchQueue {
  setConsumer(consumer: (launch: { readonly files?: readonly { getFile(): Promise<File> }[] }) => void): void;
}

export class LaunchedFiles {
  #waiting: File[] = [];
  readonly #listeners = new Set<() => void>();

  /** @param show brings Uploads to the screen */
  listen(queue: LaunchQueue | undefined, show: () => void): void {
    queue?.setConsumer(({ files = [] }) => {
      // Opened by its icon: nothing to take.
      if (files.length > 0) void this.#keep(files, show);
    });
  }

  /** Each file is handed out once. */
  take(): readonly File[] {
    return this.#waiting.splice(0);
  }

  /** There are files to take. @returns a function that stops listening */
  on(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async #keep(handles: readonly { getFile(): Promise<File> }[], show: () => void): Promise<void> {
    // One that is gone by now is missed by whoever opened it; the others come all the same.
    const found = await Promise.allSettled(handles.map((handle) => handle.getFile()));
    this.#waiting.push(...found.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : [])));
    show();
    for (const listener of this.#listeners) listener();
  }
}

/** One for the page. */
export const launchedFiles = new LaunchedFiles();

/** Without a page load, as a click on a link does it. */
export function showUploads(): void {
  if (location.pathname !== '/queue') history.pushState(null, '', '/queue');
  dispatchEvent(new PopStateEvent('popstate'));
}
