// SPDX-License-Identifier: Apache-2.0
// Copyright The otlpjson Authors
// What is shown follows the address: #/traces?…, #/sessions?…, #/trace/ID?span=ID. Links to each of them last as long as the viewer runs.

import { byId, el, say } from "./dom.js";
import { drawFilters } from "./filters.js";
import { KEYS, listen } from "./keys.js";
import { ListView } from "./list.js";
import { follow } from "./live.js";
import { TraceView } from "./trace.js";

const main = byId("view");
const filterBox = byId("filters");
const state = { view: null, list: "#/traces", live: true, places: new Map() };

function route() {
  const [path, text = ""] = location.hash.slice(1).split("?");
  const query = Object.fromEntries(new URLSearchParams(text));
  if (state.view instanceof ListView) state.places.set(state.list, state.view.place());
  state.view?.close();
  main.scrollTop = 0;
  const trace = /^\/trace\/([0-9a-f]{32})$/.exec(path);
  if (trace) {
    state.view = new TraceView(main, trace[1], query.span ?? null);
    filterBox.hidden = true;
    return;
  }
  const kind = path === "/sessions" ? "sessions" : "traces";
  state.list = location.hash || "#/traces";
  byId("to-traces").href = kind === "traces" ? state.list : "#/traces";
  byId("to-traces").classList.toggle("here", kind === "traces");
  byId("to-sessions").classList.toggle("here", kind === "sessions");
  byId("words").value = query.q ?? "";
  state.filters = query;
  const change = (changes) => go(kind, { ...state.filters, ...changes });
  drawFilters(filterBox, query, (name, value) => (name ? change({ [name]: value }) : go(kind, {})));
  const used = Object.keys(query).filter((name) => name !== "q" && query[name]).length;
  byId("show-filters").textContent = used ? `Filters (${used})` : "Filters";
  filterBox.hidden = byId("show-filters").getAttribute("aria-expanded") !== "true";
  document.title = "otlpjson";
  state.view = new ListView(main, kind, query, change, state.places.get(state.list));
}

function go(kind, filters) {
  const given = Object.entries(filters).filter(([, value]) => value);
  const text = new URLSearchParams(given).toString();
  location.hash = `#/${kind}${text && "?"}${text}`;
}

function toggleLive() {
  state.live = !state.live;
  byId("live").setAttribute("aria-pressed", String(state.live));
  if (state.live) state.view?.refresh(null);
}

function toggleTheme() {
  const dark = document.documentElement.dataset.theme
    ? document.documentElement.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  setTheme(dark ? "light" : "dark");
}

function setTheme(theme) {
  if (theme !== "light" && theme !== "dark") return;
  document.documentElement.dataset.theme = theme;
  try {
    localStorage.setItem("theme", theme);
  } catch {
    // Without storage it lasts as long as the page.
  }
}

function showKeys() {
  const dialog = byId("keys");
  dialog.replaceChildren(el("h2", {}, "Keyboard"), el("dl", {}, KEYS.map(([keys, text]) => el("div", {}, el("dt", {}, keys), el("dd", {}, text)))),
    el("form", { method: "dialog" }, el("button", {}, "close")));
  dialog.showModal();
}

listen({
  down: () => state.view?.move(1),
  up: () => state.view?.move(-1),
  pageDown: () => state.view?.move(10),
  pageUp: () => state.view?.move(-10),
  enter: () => (state.view instanceof ListView ? state.view.open() : state.view.toggleChosen()),
  details: () => state.view?.toggleChosen?.(true),
  all: () => state.view?.toggleAll?.(),
  back: () => (state.view instanceof TraceView ? (location.hash = state.list) : byId("words").blur()),
  search: () => byId("words").focus(),
  filters: () => byId("show-filters").click(),
  save: () => byId("download")?.click(),
  live: toggleLive,
  theme: toggleTheme,
  help: showKeys,
});

let typing;
byId("words").addEventListener("input", (event) => {
  clearTimeout(typing);
  typing = setTimeout(() => {
    const filters = state.view instanceof ListView ? state.filters : {};
    go(state.view instanceof ListView ? state.view.kind : "traces", { ...filters, q: event.target.value.trim() });
  }, 250);
});
byId("search").addEventListener("submit", (event) => event.preventDefault());
byId("show-filters").addEventListener("click", (event) => {
  const shown = event.currentTarget.getAttribute("aria-expanded") !== "true";
  event.currentTarget.setAttribute("aria-expanded", String(shown));
  filterBox.hidden = !shown;
});
byId("live").addEventListener("click", toggleLive);
byId("theme").addEventListener("click", toggleTheme);
byId("help").addEventListener("click", showKeys);
addEventListener("hashchange", route);
addEventListener("unhandledrejection", (event) => say(String(event.reason?.message ?? event.reason)));
try {
  setTheme(localStorage.getItem("theme"));
} catch {
  // The browser's own theme is used.
}
route();
follow({
  changed: (ids) => state.live && state.view?.refresh(ids),
  connected: (is) => byId("live").classList.toggle("off", !is),
});
