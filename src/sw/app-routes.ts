/**
 * Which addresses are the app, and so are answered with its one page when there is no network.
 *
 * Everything else on this origin (relay, fleet files, sandbox, metrics) is the server's, and must fail when the
 * server is not there rather than show a station's screen. Matched against path and query, as workbox-routing does.
 */
export const APP_ROUTE =
  /^\/(?:(?:history|analysis|fixtures|queue|fleet|stations|workshop|settings|wall|runs\/[^/?]+|help(?:\/[^?]*)?)\/?)?(?:\?.*)?$/;
