/**
 * Files of the procedure's folder that its screens show or its steps print: pictures, films, documents, labels.
 *
 * They are part of the release and travel with it. Pure. Read by read/, by the station that fetches them, and by the
 * check that looks for them in a folder.
 */
import { componentsOf } from '#procedure/components.ts';
import { labelUses } from '#procedure/label/label-uses.ts';
import type { Procedure } from '#procedure/procedure.ts';
import type { Component, ComponentKind } from '#procedure/screen.ts';

type Shown = 'picture' | 'film' | 'document' | 'text' | 'label';

/** What every browser that a station runs on shows without help, and what label printers take. */
const TYPES: Readonly<Record<string, readonly [shown: Shown, mediaType: string]>> = {
  png: ['picture', 'image/png'],
  jpg: ['picture', 'image/jpeg'],
  jpeg: ['picture', 'image/jpeg'],
  webp: ['picture', 'image/webp'],
  gif: ['picture', 'image/gif'],
  svg: ['picture', 'image/svg+xml'],
  avif: ['picture', 'image/avif'],
  mp4: ['film', 'video/mp4'],
  webm: ['film', 'video/webm'],
  pdf: ['document', 'application/pdf'],
  md: ['text', 'text/markdown'],
  zpl: ['label', 'text/plain'],
  epl: ['label', 'text/plain'],
  prn: ['label', 'text/plain'],
};
const ENDING = /\.([A-Za-z0-9]+)$/;
/** A minute of film, or a manual with pictures; it is fetched once and kept on every station. */
export const LONGEST_SCREEN_FILE_BYTES = 50 * 1024 * 1024;

const WANTED: Partial<Record<ComponentKind | 'label', Shown>> = {
  image: 'picture',
  video: 'film',
  pdf: 'document',
  markdown: 'text',
  label: 'label',
};
const WORDS: Readonly<Record<Shown, string>> = {
  picture: 'a picture (.png, .jpg, .webp, .gif, .svg, .avif)',
  film: 'a film (.mp4, .webm)',
  document: 'a PDF (.pdf)',
  text: 'a text (.md)',
  label: 'a label (.zpl, .epl, .prn)',
};

/** Media type of a file that a screen can show or a printer take; null for any other. */
export function screenMediaType(path: string): string | null {
  return typeOf(path)?.[1] ?? null;
}

function typeOf(path: string): readonly [Shown, string] | undefined {
  return TYPES[ENDING.exec(path)?.[1]?.toLowerCase() ?? ''];
}

/** @returns why a component, or a step `print`, cannot show this file, in words; null when it can, as far as its name says */
export function screenFileTrouble(path: string, kind: ComponentKind | 'label'): string | null {
  if (/^[a-z][a-z0-9+.-]*:|^\/\//i.test(path))
    return `is an address (“${path}”); a station shows only files of the procedure's folder, since it works without a network`;
  if (/[\\\0]/.test(path) || path.split('/').some((part) => part === '' || part.startsWith('.')))
    return `must be a file of the procedure's folder, such as images/led.png, not “${path}”`;
  // Options and a document's picture are pictures, whatever the component is.
  const wanted = WANTED[kind] ?? 'picture';
  return typeOf(path)?.[0] === wanted ? null : `must be ${WORDS[wanted]}, not “${path}”`;
}

export interface ScreenFile {
  readonly path: string;
  /** Name of the phase that shows or prints it. */
  readonly phase: string;
  readonly does: 'shows' | 'prints';
  /** Of the phase, in its file. */
  readonly line: number;
}

/** What the phases show and print that are not switched off; each file once. */
export function screenFiles({ phases }: Pick<Procedure, 'phases'>): ScreenFile[] {
  const files = new Map<string, ScreenFile>();
  for (const phase of phases) {
    const { skip, name, line } = phase;
    if (skip !== undefined) continue;
    for (const component of componentsOf(phase))
      for (const path of filesOf(component))
        if (!files.has(path)) files.set(path, { path, phase: name, does: 'shows', line });
  }
  for (const { phase, step } of labelUses({ phases }))
    if ('file' in step.source)
      files.set(step.source.file, { path: step.source.file, phase: phase.name, does: 'prints', line: step.line });
  return [...files.values()];
}

/** The picture of an `image`, which TofuPilot calls its default value; of a `pdf`, the one shown beside its link. */
export function pictureOf({ kind, source, defaultValue }: Component): string | undefined {
  if (kind === 'image' && source !== undefined) return source;
  return (kind === 'image' || kind === 'pdf') && typeof defaultValue === 'string' && defaultValue !== ''
    ? defaultValue
    : undefined;
}

function filesOf(component: Component): string[] {
  const { kind, source, options = [] } = component;
  const picture = pictureOf(component);
  return [
    ...(kind !== 'image' && source !== undefined ? [source] : []),
    ...(picture === undefined ? [] : [picture]),
    ...options.flatMap(({ image }) => image ?? []),
  ];
}
