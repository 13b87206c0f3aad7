/**
 * Which screen the address names, and how a click on a link becomes a screen without a page load.
 *
 * History API only. Knows the addresses, and nothing of what the screens show.
 */
export type Route =
  | {
      readonly screen:
        | 'operator'
        | 'history'
        | 'analysis'
        | 'fixtures'
        | 'queue'
        | 'fleet'
        | 'stations'
        | 'workshop'
        | 'settings'
        | 'wall'
        | 'unknown';
    }
  /** Help: the page, `guides/operator`; empty for the list of all. */
  | { readonly screen: 'run' | 'help'; readonly id: string };

const SCREENS = {
  '/': 'operator',
  '/history': 'history',
  '/analysis': 'analysis',
  '/fixtures': 'fixtures',
  '/queue': 'queue',
  '/fleet': 'fleet',
  '/stations': 'stations',
  '/workshop': 'workshop',
  '/settings': 'settings',
  '/wall': 'wall',
} as const;

/** Every screen that stands in the navigation, in its order. */
export const PLACES = [
  { path: '/', screen: 'operator', name: 'Test' },
  { path: '/history', screen: 'history', name: 'History' },
  { path: '/analysis', screen: 'analysis', name: 'Analysis' },
  { path: '/queue', screen: 'queue', name: 'Uploads' },
  { path: '/fixtures', screen: 'fixtures', name: 'Fixtures' },
  { path: '/fleet', screen: 'fleet', name: 'Procedures' },
  { path: '/workshop', screen: 'workshop', name: 'Workshop' },
  { path: '/stations', screen: 'stations', name: 'Stations' },
  { path: '/settings', screen: 'settings', name: 'Settings' },
  { path: '/help', screen: 'help', name: 'Help' },
] as const;

export function routeOf(path: string): Route {
  const trimmed = path.length > 1 ? path.replace(/\/+$/, '') : path;
  if (trimmed in SCREENS) return { screen: SCREENS[trimmed as keyof typeof SCREENS] };
  if (/^\/help(\/|$)/.test(trimmed)) return { screen: 'help', id: trimmed.slice(6) };
  const [, id] = /^\/runs\/([^/]+)$/.exec(trimmed) ?? [];
  return id ? { screen: 'run', id: decoded(id) } : { screen: 'unknown' };
}

/** An address typed by hand may hold a broken escape; it names no run then. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

export class Router {
  readonly #window: Window;
  #path = $state.raw('/');
  /** Counts navigations, the first page not among them: focus moves only when a person went somewhere. */
  #steps = $state.raw(0);
  readonly #route = $derived(routeOf(this.#path));

  constructor(window: Window) {
    this.#window = window;
    this.#path = window.location.pathname;
  }

  get route(): Route {
    return this.#route;
  }

  get steps(): number {
    return this.#steps;
  }

  /** What `?find=` in the address says: a search is there again after Back, a reload, or from a link. */
  get search(): string {
    return new URLSearchParams(this.#window.location.search).get('find') ?? '';
  }

  noteSearch(text: string): void {
    const { pathname } = this.#window.location;
    const path = text === '' ? pathname : `${pathname}?find=${encodeURIComponent(text)}`;
    this.#window.history.replaceState(this.#window.history.state, '', path);
  }

  go(path: string): void {
    if (path === this.#window.location.pathname) return;
    this.#window.history.pushState(null, '', path);
    this.#window.scrollTo(0, 0);
    this.sync();
  }

  /** The browser's own back and forward. */
  sync(): void {
    this.#path = this.#window.location.pathname;
    this.#steps++;
  }

  /** Takes a click over when it is a plain one on a link of this app. */
  takeClick(event: MouseEvent): void {
    const link = event.target instanceof Element ? event.target.closest('a') : null;
    if (!link || event.defaultPrevented || event.button !== 0) return;
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    if (link.target || link.hasAttribute('download') || link.origin !== this.#window.location.origin) return;
    if (routeOf(link.pathname).screen === 'unknown') return;
    event.preventDefault();
    this.go(link.pathname + link.search);
  }
}
