/**
 * Puts another language on the page: each text that appears or changes is said anew before the browser draws it.
 *
 * The screens say everything in English and know nothing of this. Only the text of a node is changed, never a node,
 * so that the screens find theirs again; what they said is kept beside it, for the next language. What is written as
 * it is has `translate="no"`; in the typeface of the wire (`mono`) stand values. Above it: speak.ts.
 */
export type Say = (text: string, isData: boolean) => string;

interface Spoken {
  readonly english: string;
  readonly shown: string;
}

const ATTRIBUTES = ['aria-label', 'aria-description', 'aria-valuetext', 'title', 'placeholder', 'alt', 'label'];
const AS_IT_IS = '[translate="no"], script, style, noscript, textarea';
const DATA = '.mono';
const WATCHED: MutationObserverInit = {
  subtree: true,
  childList: true,
  characterData: true,
  attributes: true,
  attributeFilter: ATTRIBUTES,
};
const ENGLISH: Say = (text) => text;

export class PageWords {
  readonly #root: Element;
  readonly #watch: MutationObserver;
  readonly #texts = new WeakMap<Text, Spoken>();
  readonly #attributes = new WeakMap<Element, Map<string, Spoken>>();
  #say: Say = ENGLISH;

  constructor(root: Element) {
    this.#root = root;
    this.#watch = new MutationObserver((changes) => this.#follow(changes));
  }

  speak(say: Say): void {
    this.#say = say;
    this.#within(this.#root);
    this.#watch.observe(this.#root, WATCHED);
    this.#watch.takeRecords();
  }

  speakEnglish(): void {
    this.#watch.disconnect();
    this.#say = ENGLISH;
    this.#within(this.#root);
  }

  #follow(changes: readonly MutationRecord[]): void {
    for (const { type, target, addedNodes, attributeName } of changes) {
      if (type === 'childList') for (const node of addedNodes) this.#node(node);
      else if (type === 'characterData') this.#text(target as Text);
      else if (!isAsItIs(target as Element)) this.#attribute(target as Element, attributeName!);
    }
    // These are our own.
    this.#watch.takeRecords();
  }

  #node(node: Node): void {
    if (node instanceof Text) this.#text(node);
    else if (node instanceof Element && !isAsItIs(node)) this.#within(node);
  }

  #within(root: Element): void {
    const walk = document.createTreeWalker(root, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT, (node) =>
      node instanceof Element && node.matches(AS_IT_IS) ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT,
    );
    for (let node: Node | null = root; node; node = walk.nextNode()) {
      if (node instanceof Text) this.#text(node);
      else for (const name of ATTRIBUTES) this.#attribute(node as Element, name);
    }
  }

  #text(node: Text): void {
    const parent = node.parentElement;
    if (!parent || node.data.trim() === '' || isAsItIs(parent)) return;
    const spoken = this.#spoken(this.#texts.get(node), node.data, parent.closest(DATA) !== null);
    this.#texts.set(node, spoken);
    if (node.data !== spoken.shown) node.data = spoken.shown;
  }

  #attribute(element: Element, name: string): void {
    const value = element.getAttribute(name);
    if (!value) return;
    let all = this.#attributes.get(element);
    if (!all) this.#attributes.set(element, (all = new Map()));
    const spoken = this.#spoken(all.get(name), value, false);
    all.set(name, spoken);
    if (value !== spoken.shown) element.setAttribute(name, spoken.shown);
  }

  /** What stands there is either what was put there, or new, and then English. */
  #spoken(before: Spoken | undefined, now: string, isData: boolean): Spoken {
    const english = before?.shown === now ? before.english : now;
    return { english, shown: this.#say(english, isData) };
  }
}

function isAsItIs(element: Element): boolean {
  return element.closest(AS_IT_IS) !== null;
}
