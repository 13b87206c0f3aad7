/** How the editor looks: our tokens in the words of CodeMirror. Its own colours differ by theme; ours do that by themselves. */
import { HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import type { Extension } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { tags } from '@lezer/highlight';

const theme = EditorView.theme({
  '&': {
    blockSize: '100%',
    color: 'var(--ink)',
    backgroundColor: 'var(--sheet)',
    fontSize: 'var(--text-1)',
  },
  '&.cm-focused': { outline: '3px solid var(--focus)', outlineOffset: '-3px' },
  // What is written is shown: no sign is made of two.
  '.cm-scroller': {
    fontFamily: 'var(--mono)',
    fontVariantLigatures: 'none',
    lineHeight: '1.6',
    overflow: 'auto',
  },
  '.cm-content': { caretColor: 'var(--ink)', paddingBlock: 'var(--space-2)' },
  '.cm-cursor, .cm-dropCursor': { borderInlineStartColor: 'var(--ink)', borderInlineStartWidth: '2px' },
  '.cm-gutters': { backgroundColor: 'var(--sheet)', color: 'var(--soft)', border: '0' },
  '.cm-activeLine, .cm-activeLineGutter': { backgroundColor: 'color-mix(in oklch, var(--sunk) 55%, transparent)' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': {
    backgroundColor: 'var(--run-track) !important',
  },
  '.cm-selectionMatch': { backgroundColor: 'var(--run-room)' },
  '.cm-matchingBracket, &.cm-focused .cm-matchingBracket': {
    backgroundColor: 'transparent',
    outline: '1px solid var(--edge)',
  },
  '.cm-foldPlaceholder': { color: 'var(--soft)', backgroundColor: 'var(--sunk)', border: '0' },
  '.cm-tooltip': {
    color: 'var(--ink)',
    backgroundColor: 'var(--sheet)',
    border: '1px solid var(--line)',
    borderRadius: 'var(--radius)',
    boxShadow: 'var(--shadow)',
    overflow: 'clip',
    maxInlineSize: '30rem',
  },
  '.cm-tooltip.cm-tooltip-autocomplete > ul': { fontFamily: 'var(--mono)', maxBlockSize: '16rem' },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li': { padding: '0.25rem 0.75rem', color: 'var(--ink)' },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]': {
    color: 'var(--ground)',
    backgroundColor: 'var(--ink)',
  },
  '.cm-completionMatchedText': { textDecoration: 'none', fontWeight: '700' },
  '.cm-completionInfo, .cm-said': {
    padding: 'var(--space-2) var(--space-3)',
    fontFamily: 'var(--font)',
    fontSize: 'var(--text-1)',
    lineHeight: '1.4',
  },
  '.cm-diagnostic': { padding: 'var(--space-2) var(--space-3)', fontFamily: 'var(--font)' },
  '.cm-diagnostic-error': { borderInlineStart: '4px solid var(--fail)' },
  '.cm-diagnostic-warning': { borderInlineStart: '4px solid var(--error-room)' },
  '.cm-lintRange-error': {
    backgroundImage: 'none',
    textDecoration: 'underline wavy var(--fail)',
    textDecorationSkipInk: 'none',
  },
  '.cm-lintRange-warning': {
    backgroundImage: 'none',
    textDecoration: 'underline wavy var(--error)',
    textDecorationSkipInk: 'none',
  },
  '.cm-panels': { color: 'var(--ink)', backgroundColor: 'var(--sunk)', fontFamily: 'var(--font)' },
  '.cm-panels.cm-panels-top': { borderBlockEnd: '1px solid var(--line)' },
  '.cm-panel.cm-search': { padding: 'var(--space-2) var(--space-3)' },
  '.cm-panel.cm-search [name=close]': { color: 'var(--ink)', fontSize: 'var(--text-3)', padding: '0 0.75rem' },
  '.cm-textfield': {
    minBlockSize: '2rem',
    color: 'var(--ink)',
    backgroundColor: 'var(--sheet)',
    border: '1px solid var(--edge)',
    borderRadius: '4px',
  },
  '.cm-button': {
    minBlockSize: '2rem',
    color: 'var(--ink)',
    backgroundImage: 'none',
    backgroundColor: 'var(--sheet)',
    border: '1px solid var(--edge)',
    borderRadius: '4px',
  },
  '.cm-step': {
    backgroundColor: 'var(--run-room)',
    boxShadow: 'inset 4px 0 0 var(--run)',
  },
  '.cm-step-held': { outline: '1px solid var(--run)', outlineOffset: '-1px' },
  '@media (forced-colors: active)': { '.cm-step': { outline: '2px solid Highlight' } },
});

const words = HighlightStyle.define([
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: 'var(--author-blue)' },
  { tag: tags.string, color: 'var(--author-violet)' },
  { tag: [tags.comment, tags.lineComment], color: 'var(--soft)', fontStyle: 'italic' },
  { tag: [tags.keyword, tags.typeName, tags.labelName], color: 'var(--author-purple)' },
  { tag: [tags.punctuation, tags.separator, tags.squareBracket, tags.brace], color: 'var(--soft)' },
]);

export const look: Extension = [theme, syntaxHighlighting(words)];
