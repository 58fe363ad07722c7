// SPDX-License-Identifier: Apache-2.0
// Copyright The otlpjson Authors
// News of the viewer as they come.

const PAUSE_MS = 150; // many changes in a row are one

/** changed(ids): traces that have changed, or null if any may have. connected(is): whether news come at all. */
export function follow({ changed, connected }) {
  let ids = [];
  let timer = null;
  const later = (more) => {
    ids = more === null || ids === null ? null : [...ids, ...more];
    timer ??= setTimeout(() => {
      const now = ids;
      [ids, timer] = [[], null];
      changed(now);
    }, PAUSE_MS);
  };
  let before = false;
  const listen = () => {
    const source = new EventSource("api/events");
    source.addEventListener("hello", () => {
      connected(true);
      // What came while nobody listened is not in the news.
      if (before) later(null);
      before = true;
    });
    source.addEventListener("traces", (event) => later(JSON.parse(event.data).trace_ids));
    source.addEventListener("error", () => connected(false));
    return source;
  };
  // A browser has six connections to a server for all its tabs: one that nobody sees needs none.
  let source = document.hidden ? null : listen();
  document.addEventListener("visibilitychange", () => {
    source?.close();
    source = document.hidden ? null : listen();
  });
}
