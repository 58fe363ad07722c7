// SPDX-License-Identifier: Apache-2.0
// Copyright The otlpjson Authors
// The lists of traces and sessions: pages of rows are asked for when they come into sight.

import { ask } from "./api.js";
import { drawSums } from "./charts.js";
import { el, fill } from "./dom.js";
import { whereOf } from "./filters.js";
import { cost, duration, moment, plural, shortModel, tokens } from "./format.js";
import { onceAtATime } from "./once.js";
import { Rows } from "./rows.js";

const PAGE = 100;
const SUMS_PAUSE_MS = 1000;
const KINDS = {
  traces: { noun: "trace", row: traceRow, heads: ["trace", "model", "user", "began", "took", "first token", "in → out", "cost"] },
  sessions: { noun: "session", row: sessionRow, heads: ["session", "", "user", "last", "traces", "failed", "in → out", "cost"] },
};

export class ListView {
  /** kind: "traces" or "sessions". pick(filters): called with filters that were clicked. place: where it was left. */
  constructor(main, kind, filters, pick, place = { top: 0, at: -1 }) {
    Object.assign(this, { main, kind, filters, pick, at: place.at, top: place.top });
    this.shape = KINDS[kind];
    this.where = whereOf(filters);
    this.pages = new Map();
    this.total = 0;
    this.stopped = new AbortController();
    this.sums = el("div", {});
    this.found = el("p", { class: "found" }, "…");
    const narrow = matchMedia("(max-width: 760px)").matches;
    this.rows = new Rows(main, { usual: narrow ? 64 : 36, draw: (index) => this.draw(index) });
    const head = el("div", { class: `row head ${kind}`, "aria-hidden": "true" }, this.shape.heads.map((text) => el("span", {}, text)));
    main.replaceChildren(this.sums, this.found, head, this.rows.body);
    this.refresh();
  }

  close() {
    this.stopped.abort();
    this.rows.close();
  }

  /** Where one is in the list, to come back to it. */
  place() {
    return { top: this.main.scrollTop, at: this.at };
  }

  query(offset) {
    const order = this.kind === "traces" ? this.filters.order : undefined;
    return { where: this.where, order, offset, limit: PAGE };
  }

  /** Asks for everything in sight again; what comes meanwhile is asked for once more afterwards. */
  refresh = onceAtATime(async () => {
    this.refreshSums();
    // Rows in sight stay until those that replace them are there.
    const pages = [...new Set([0, ...[...this.rows.shown.keys()].map((index) => Math.floor(index / PAGE))])];
    try {
      const answers = await Promise.all(pages.map((page) => ask(this.kind, this.query(page * PAGE), this.stopped.signal)));
      this.show(answers[0].total, new Map(pages.map((page, number) => [page, answers[number][this.kind]])));
    } catch (error) {
      if (error.name !== "AbortError") this.found.textContent = error.message;
    }
  });

  show(total, pages) {
    const more = this.pages.size ? total - this.total : 0;
    Object.assign(this, { total, pages });
    this.found.textContent = total ? plural(total, this.shape.noun) : this.nothing();
    // New rows come in at the top: who reads further down stays there.
    if (more > 0 && this.main.scrollTop > this.rows.body.offsetTop) this.main.scrollTop += more * this.rows.usual;
    this.rows.reset(total);
    if (this.top) {
      this.main.scrollTop = this.top;
      this.top = 0;
    }
    this.mark();
  }

  /** The list does not wait for the sums, and they are not asked for all the time. */
  refreshSums = onceAtATime(async () => {
    try {
      const sums = await ask("sums", { where: this.where }, this.stopped.signal);
      const opened = this.sums.querySelector(".charts")?.open;
      fill(this.sums, drawSums(sums, this.pick, opened));
    } catch (error) {
      if (error.name !== "AbortError") fill(this.sums);
    }
    await new Promise((go) => setTimeout(go, SUMS_PAUSE_MS));
  });

  nothing() {
    if (this.where) return `No ${this.shape.noun} matches.`;
    return this.kind === "traces" ? "No traces yet. Record a request, and it appears here." : "No session yet: requests have none.";
  }

  draw(index) {
    const page = Math.floor(index / PAGE);
    const item = this.pages.get(page)?.[index % PAGE];
    if (item) {
      const row = this.shape.row(item);
      row.classList.toggle("chosen", index === this.at);
      return row;
    }
    this.load(page);
    return el("div", { class: `row ${this.kind} waiting` }, "…");
  }

  async load(page) {
    if (this.pages.has(page)) return;
    this.pages.set(page, null);
    try {
      const answer = await ask(this.kind, this.query(page * PAGE), this.stopped.signal);
      this.pages.set(page, answer[this.kind]);
      this.rows.clear();
      this.rows.place();
    } catch (error) {
      if (error.name !== "AbortError") this.found.textContent = error.message;
    }
  }

  /** Moves the chosen row. */
  move(steps) {
    if (!this.total) return;
    this.at = Math.min(Math.max(this.at + steps, 0), this.total - 1);
    this.rows.reveal(this.at);
    this.mark();
  }

  mark() {
    for (const [index, element] of this.rows.shown) element.classList.toggle("chosen", index === this.at);
  }

  /** Opens the chosen row. */
  open() {
    this.rows.shown.get(this.at)?.click();
  }
}

function traceRow(trace) {
  const models = trace.models.map(shortModel).join(", ");
  const failed = trace.errors > 0;
  return el("a", { class: "row traces", href: `#/trace/${trace.trace_id}` },
    el("span", { class: "name" }, el("i", { class: failed ? "mark bad" : "mark", title: failed ? plural(trace.errors, "error") : "no error" }),
      el("b", {}, trace.name || "(no name)"), trace.spans > 1 && el("small", {}, ` ${trace.spans}`),
      trace.message && el("em", {}, ` ${trace.message}`)),
    el("span", { class: "model", title: trace.models.join(", ") }, models),
    el("span", { class: "user", title: trace.user_id }, trace.user_id ?? ""),
    el("span", { class: "time" }, moment(trace.start_ns)),
    el("span", { class: "number" }, duration(trace.duration_ns / 1e6)),
    el("span", { class: "number first" }, duration(trace.first_token_ms)),
    el("span", { class: "number" }, tokens(trace.input_tokens, trace.output_tokens)),
    el("span", { class: "number cost" }, cost(trace.cost)));
}

function sessionRow(session) {
  const query = new URLSearchParams({ session: session.session_id });
  return el("a", { class: "row sessions", href: `#/traces?${query}` },
    el("span", { class: "name" }, el("i", { class: session.failed ? "mark bad" : "mark" }), el("b", {}, session.session_id)),
    el("span", {}),
    el("span", { class: "user" }, session.user_id ?? ""),
    el("span", { class: "time" }, moment(session.last_ns)),
    el("span", { class: "number" }, plural(session.traces, "trace")),
    el("span", { class: "number first" }, session.failed ? String(session.failed) : ""),
    el("span", { class: "number" }, tokens(session.input_tokens, session.output_tokens)),
    el("span", { class: "number cost" }, cost(session.cost)));
}
