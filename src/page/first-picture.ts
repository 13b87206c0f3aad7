/** When the browser has drawn what the page holds without any script; at once where it draws nothing. */

/** A hidden page gets no frames, and is a station all the same. At most a slow tablet's first frame. */
const LONGEST_WAIT_MS = 500;

export async function afterFirstPicture(): Promise<void> {
  if (document.readyState === 'loading')
    await new Promise((resolve) => document.addEventListener('DOMContentLoaded', resolve, { once: true }));
  if (document.hidden) return;
  await new Promise<void>((resolve) => {
    setTimeout(resolve, LONGEST_WAIT_MS);
    // A task of its own comes after the frame.
    requestAnimationFrame(() => setTimeout(resolve));
  });
}
