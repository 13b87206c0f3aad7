/**
 * The text editor: CodeMirror with our completion, our problems at their places, and the step under way marked.
 *
 * It lives in a shadow root: there CodeMirror adopts its style sheets, and the page's policy stays as strict as it is.
 * Loaded with the workshop only. Knows nothing of Svelte, and nothing of where texts come from.
 */
import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from '@codemirror/autocomplete';
import type { Completion, CompletionContext, CompletionResult } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands';
import { yaml } from '@codemirror/lang-yaml';
import { bracketMatching, indentOnInput, indentUnit } from '@codemirror/language';
import { lintGutter, lintKeymap, setDiagnostics, type Diagnostic } from '@codemirror/lint';
import { highlightSelectionMatches, search, searchKeymap } from '@codemirror/search';
import { EditorState, StateEffect, StateField, type Extension, type Text } from '@codemirror/state';
import {
  Decoration,
  drawSelection,
  EditorView,
  highlightActiveLine,
  hoverTooltip,
  keymap,
  lineNumbers,
  type DecorationSet,
} from '@codemirror/view';
import type { Problem } from '#procedure/procedure.ts';
import { hoverAt, suggestionsAt, type Vocabulary } from '#ui/workshop/complete/suggestions.ts';
import { look } from '#ui/workshop/editor-look.ts';

export interface CodeEditorOptions {
  /** Called with every change of a person's. */
  readonly onText: (path: string, text: string) => void;
  readonly words: () => Vocabulary;
}

export interface MarkedLine {
  readonly line: number;
  readonly isHeld: boolean;
}

const markLine = StateEffect.define<MarkedLine | null>();
const marked = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update: (before, { effects, changes, state }) => {
    let set = before.map(changes);
    for (const effect of effects) {
      if (!effect.is(markLine)) continue;
      const { value } = effect;
      if (value === null || value.line < 1 || value.line > state.doc.lines) set = Decoration.none;
      else {
        const attributes = {
          class: value.isHeld ? 'cm-step cm-step-held' : 'cm-step',
          'data-step': String(value.line),
        };
        set = Decoration.set([Decoration.line({ attributes }).range(state.doc.line(value.line).from)]);
      }
    }
    return set;
  },
  provide: (field) => EditorView.decorations.from(field),
});

export class CodeEditor {
  readonly #view: EditorView;
  readonly #options: CodeEditorOptions;
  /** By path: each keeps its own history and place. */
  readonly #states = new Map<string, EditorState>();
  #path = '';

  constructor(host: HTMLElement, options: CodeEditorOptions) {
    this.#options = options;
    const root = host.shadowRoot ?? host.attachShadow({ mode: 'open' });
    this.#view = new EditorView({ parent: root, root });
  }

  show(path: string, text: string): void {
    if (path !== this.#path) {
      if (this.#path !== '') this.#states.set(this.#path, this.#view.state);
      this.#path = path;
      this.#view.setState(this.#states.get(path) ?? this.#fresh(path, text));
    }
    // Read anew, while nobody typed here.
    const { state } = this.#view;
    if (state.sliceDoc() !== text) this.#view.dispatch({ changes: { from: 0, to: state.doc.length, insert: text } });
  }

  setProblems(problems: readonly Problem[]): void {
    const { doc } = this.#view.state;
    const own = problems.filter(({ file }) => file === this.#path).map((one) => diagnosticOf(one, doc));
    this.#view.dispatch(setDiagnostics(this.#view.state, own));
  }

  mark(line: MarkedLine | null): void {
    const { doc } = this.#view.state;
    const isThere = line !== null && line.line >= 1 && line.line <= doc.lines;
    const scroll = isThere ? [EditorView.scrollIntoView(doc.line(line.line).from, { y: 'nearest', yMargin: 60 })] : [];
    this.#view.dispatch({ effects: [markLine.of(line), ...scroll] });
  }

  goTo(line: number, column: number): void {
    const { doc } = this.#view.state;
    const { from, to } = doc.line(Math.min(Math.max(1, line), doc.lines));
    const at = Math.min(from + Math.max(0, column - 1), to);
    this.#view.dispatch({ selection: { anchor: at }, effects: EditorView.scrollIntoView(at, { y: 'center' }) });
    this.#view.focus();
  }

  focus(): void {
    this.#view.focus();
  }

  destroy(): void {
    this.#view.destroy();
  }

  #fresh(path: string, text: string): EditorState {
    const isYaml = /\.ya?ml$/.test(path);
    const isProcedure = /^procedure\.ya?ml$/.test(path);
    const typed = EditorView.updateListener.of(({ docChanged, state }) => {
      if (docChanged && path === this.#path) this.#options.onText(path, state.sliceDoc());
    });
    const extensions: Extension[] = [
      // A file keeps its line ends.
      ...(text.includes('\r\n') ? [EditorState.lineSeparator.of('\r\n')] : []),
      lineNumbers(),
      lintGutter(),
      history(),
      drawSelection(),
      indentOnInput(),
      indentUnit.of('  '),
      bracketMatching(),
      closeBrackets(),
      highlightActiveLine(),
      highlightSelectionMatches(),
      search({ top: true }),
      // Escape, then Tab, leaves: the editor's own way out for whoever has no pointer.
      keymap.of([...closeBracketsKeymap, ...completionKeymap, ...searchKeymap, ...historyKeymap, ...lintKeymap]),
      keymap.of([...defaultKeymap.filter(({ key }) => key !== 'Mod-Enter'), indentWithTab]),
      EditorView.contentAttributes.of({ 'aria-label': path, tabindex: '0', 'data-testid': 'editor-text' }),
      marked,
      typed,
      look,
      ...(isYaml ? [yaml()] : []),
      ...(isProcedure ? this.#help() : []),
    ];
    return EditorState.create({ doc: text, extensions });
  }

  #help(): Extension[] {
    const source = (context: CompletionContext) => this.#complete(context);
    return [
      autocompletion({ override: [source], icons: false }),
      hoverTooltip((view, at) => {
        const found = hoverAt(view.state.doc.toString(), at, this.#options.words());
        if (!found) return null;
        return { pos: found.from, end: found.to, above: true, create: () => ({ dom: words(found.info) }) };
      }),
    ];
  }

  #complete({ state, pos, explicit }: CompletionContext): CompletionResult | null {
    const { from, list } = suggestionsAt(state.doc.toString(), pos, this.#options.words());
    // Unasked only where something was begun.
    if (list.length === 0 || (!explicit && from === pos)) return null;
    const options = list.map(({ label, insert, info, isNeeded, kind }): Completion => ({
      label,
      apply: insert,
      type: kind,
      boost: isNeeded ? 2 : kind === 'name' ? 1 : 0,
      ...(info === '' ? {} : { info: () => words(info) }),
    }));
    return { from, options, validFor: /^[\w$.-]*$/ };
  }
}

function words(text: string): HTMLElement {
  const element = document.createElement('div');
  element.className = 'cm-said';
  element.textContent = text;
  return element;
}

/** From its place to the end of the word there. */
export function diagnosticOf({ severity, code, message, line, column }: Problem, doc: Text): Diagnostic {
  const { from, to, text } = doc.line(Math.min(Math.max(1, line), doc.lines));
  const start = Math.min(from + Math.max(0, column - 1), to);
  const [word = ''] = /^(?:"[^"]*"|'[^']*'|[^\s,{}[\]]+)/.exec(text.slice(start - from)) ?? [];
  const end = Math.min(to, start + Math.max(1, word.length));
  return { from: Math.min(start, end), to: end, severity, message, source: code };
}
