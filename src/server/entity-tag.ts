/** Entity tags: made from content, compared as a browser sends them. Knows nothing of what is tagged. */
import { createHash } from 'node:crypto';

/** 27 characters of base64url are 162 bits of the hash: no two files share them. */
const TAG_LENGTH = 27;

export function tagOf(content: string | Uint8Array): string {
  return `"${createHash('sha256').update(content).digest('base64url').slice(0, TAG_LENGTH)}"`;
}

/** Whether the browser holds this very content; weak and strong tags count alike, as RFC 9110 says for GET. */
export function alreadyHeld(ifNoneMatch: string | null | undefined, tag: string): boolean {
  if (!ifNoneMatch) return false;
  return ifNoneMatch.trim() === '*' || ifNoneMatch.split(',').some((held) => held.trim().replace(/^W\//, '') === tag);
}
