// SPDX-License-Identifier: Apache-2.0
// Copyright The otlpjson Authors
// One trace: its waterfall and its conversations on the same time axis.

import { address, ask } from "./api.js";
import { drawMessage, messagesOf } from "./conversation.js";
import { drawDetails } from "./details.js";
import { copyButton, el, fill, say } from "./dom.js";
import { cost, duration, moment, plural, shortModel, tokens } from "./format.js";
import { onceAtATime } from "./once.js";
import { Rows } from "./rows.js";

const OPEN_AT_FIRST = 3; // conversations that are open without being asked for
const DEEPEST = 12;
const MARKS = { "parent missing": "?", "own ancestor": "@", "duplicate id": "=" };

export class TraceView {
  constructor(main, traceId, spanId) {
    Object.assign(this, { main, traceId, spanId });
    this.items = [];
    this.open = new Set();
    this.detailed = new Set();
    this.all = new Set();
    this.previews = new Map();
    this.at = -1;
    this.stopped = new AbortController();
    this.head = el("div", { class: "trace-head" }, "…");
    this.axis = el("div", { class: "line axis", "aria-hidden": "true" });
    this.rows = new Rows(main, { usual: 32, draw: (index) => this.draw(index), keyOf: (index) => this.items[index].key });
    main.replaceChildren(this.head, this.axis, this.rows.body);
    this.load(true);
  }

  close() {
    this.stopped.abort();
    this.rows.close();
  }

  /** Asks for the trace again; what is open stays open. */
  refresh(changed) {
    if (changed === null || changed.includes(this.traceId)) this.reload();
  }

  reload = onceAtATime(() => this.load(false));

  async load(first) {
    try {
      const { trace, rows } = await ask(`traces/${this.traceId}`, {}, this.stopped.signal);
      Object.assign(this, { trace, spans: rows });
    } catch (error) {
      if (error.name !== "AbortError") this.head.replaceChildren(el("p", {}, error.message === "not found" ? "This trace is not here (any more)." : error.message));
      return;
    }
    this.length = Math.max(...this.spans.map((row) => (row.start_ms ?? 0) + (row.duration_ms ?? 0)), 0) || 1;
    this.drawHead();
    if (first) {
      const talking = this.spans.filter((row) => row.has_content);
      const wanted = this.spans.find((row) => row.span_id === this.spanId);
      for (const row of wanted ? [wanted] : talking.slice(0, OPEN_AT_FIRST)) this.open.add(row.id);
      await Promise.all([...this.open].map((id) => this.fetch(id)));
      this.arrange();
      if (wanted) this.choose(this.items.findIndex((item) => item.kind === "span" && item.span === wanted));
    } else this.arrange();
  }

  async fetch(id) {
    if (this.previews.has(id)) return;
    try {
      this.previews.set(id, await ask(`spans/${id}`, {}, this.stopped.signal));
    } catch (error) {
      if (error.name !== "AbortError") say(error.message);
    }
  }

  drawHead() {
    const { trace } = this;
    document.title = `${trace.name || "(no name)"} · otlpjson`;
    fill(this.head,
      el("h1", {}, trace.name || "(no name)"),
      el("p", {}, [moment(trace.start_ns), duration(trace.duration_ns / 1e6), plural(trace.spans, "span"), trace.models.join(", "),
        tokens(trace.input_tokens, trace.output_tokens) && `${tokens(trace.input_tokens, trace.output_tokens)} tokens`, cost(trace.cost)].filter(Boolean).join(" · "),
        trace.errors > 0 && el("b", { class: "bad" }, ` · ${plural(trace.errors, "error")}`)),
      trace.message && el("p", { class: "bad" }, trace.message),
      el("p", { class: "links" },
        trace.session_id && el("a", { href: `#/traces?${new URLSearchParams({ session: trace.session_id })}` }, `session ${trace.session_id}`),
        trace.user_id && el("a", { href: `#/traces?${new URLSearchParams({ user: trace.user_id })}` }, `user ${trace.user_id}`),
        el("code", {}, trace.trace_id), copyButton("Copy trace id", () => trace.trace_id),
        el("a", { class: "button", href: address(`traces/${trace.trace_id}/otlp`), download: "", id: "download" }, "download OTLP/JSON"),
        el("button", { type: "button", onclick: () => this.toggleAll() }, "open all (e)")));
    this.axis.replaceChildren(el("span", {}, ""), el("span", { class: "track" }, el("span", {}, "0"), el("span", {}, duration(this.length))), el("span", { class: "at" }, ""));
  }

  arrange() {
    this.items = [];
    for (const span of this.spans) {
      this.items.push({ kind: "span", span, key: `s${span.id}` });
      const preview = this.previews.get(span.id);
      if (!preview) continue;
      if (this.open.has(span.id)) {
        const messages = messagesOf(span, preview, this.all.has(span.id));
        this.items.push(...messages.map((one, number) => ({ ...one, key: `m${span.id}.${one.message?.number ?? `e${number}`}` })));
      }
      if (this.detailed.has(span.id) || (this.open.has(span.id) && !preview.conversation.messages.length)) this.items.push({ kind: "details", span, preview, key: `d${span.id}` });
    }
    this.rows.reset(this.items.length);
    this.mark();
  }

  draw(index) {
    const item = this.items[index];
    if (item.kind === "span") return this.drawSpan(item.span, index);
    if (item.kind === "details") return el("div", {}, drawDetails(item.span, item.preview));
    if (item.kind === "earlier") return this.drawEarlier(item);
    return drawMessage(item, (from, to) => this.track(from, to, "said"));
  }

  drawEarlier({ span, count, folded }) {
    const text = `${plural(count, "earlier message")}`;
    const show = () => (this.all.add(span.id), this.arrange());
    return el("div", { class: "earlier" }, folded ? el("button", { type: "button", class: "small", onclick: show }, text)
      : el("span", { class: "dim" }, `${text}: too many to show; download the span for all`));
  }

  drawSpan(row, index) {
    const failed = row.status === 2;
    const toggle = () => (this.choose(index), this.toggle(row.id));
    return el("div", { class: `span ${failed ? "failed" : ""} ${this.open.has(row.id) ? "open" : ""}`, "data-span": row.span_id },
      el("div", { class: "line", onclick: toggle },
        el("span", { class: "name", style: { "padding-left": `${Math.min(row.depth, DEEPEST) * 12}px` } },
          row.mark && el("i", { title: row.mark, class: "odd" }, MARKS[row.mark]), row.depth > DEEPEST && el("small", {}, `(${row.depth}) `),
          el("button", { type: "button", class: "fold", "aria-expanded": String(this.open.has(row.id)) }, row.name || "(no name)")),
        this.track(row.start_ms, row.duration_ms === null ? null : row.start_ms + row.duration_ms, failed ? "bar bad" : row.has_content ? "bar asked" : "bar", row),
        el("span", { class: "at" }, row.start_ms === null ? "unknown" : row.duration_ms === null ? "not ended" : duration(row.duration_ms))),
      el("div", { class: "under" }, row.model && el("span", { class: "model", title: row.model }, shortModel(row.model)),
        row.provider_name && el("span", {}, row.provider_name),
        tokens(row.input_tokens, row.output_tokens) && el("span", {}, tokens(row.input_tokens, row.output_tokens)),
        row.total_cost !== null && el("span", { class: "cost" }, cost(row.total_cost)),
        row.message && el("span", { class: "bad" }, row.message.slice(0, 500)),
        el("button", { type: "button", class: "small", onclick: () => (this.choose(index), this.toggleDetails(row.id)) }, "details"),
        copyButton("Copy a link to this span", () => `${location.href.split("#")[0]}#/trace/${this.traceId}?span=${row.span_id}`)));
  }

  /** A mark on the axis, from one time to another; without an end it goes on to the end of the trace. */
  track(from, to, kind, row = null) {
    const track = el("span", { class: "track" });
    if (from === null) return track;
    const left = (100 * from) / this.length, right = (100 * (to ?? this.length)) / this.length;
    track.append(el("i", { class: `${kind} ${to === null ? "going-on" : ""}`, style: { left: `${left}%`, width: `${Math.max(right - left, 0)}%` } }));
    if (row?.first_token_at_ms) {
      const first = (100 * (from + row.first_token_at_ms)) / this.length;
      track.append(el("i", { class: "first", title: `first token after ${duration(row.first_token_at_ms)}`, style: { left: `${Math.min(first, 100)}%` } }));
    }
    return track;
  }

  async toggle(id, on = !this.open.has(id)) {
    if (on) {
      this.open.add(id);
      await this.fetch(id);
    } else {
      this.open.delete(id);
      this.detailed.delete(id);
    }
    this.arrange();
  }

  async toggleDetails(id) {
    if (this.detailed.has(id)) this.detailed.delete(id);
    else {
      this.detailed.add(id);
      await this.fetch(id);
    }
    this.arrange();
  }

  /** Opens all conversations, at most a hundred, or closes all. */
  async toggleAll() {
    const talking = this.spans.filter((row) => row.has_content).slice(0, 100);
    const close = talking.every((row) => this.open.has(row.id));
    if (close) this.open.clear();
    else {
      await Promise.all(talking.map((row) => this.fetch(row.id)));
      talking.forEach((row) => this.open.add(row.id));
    }
    this.arrange();
  }

  choose(index) {
    this.at = index;
    const row = this.items[index]?.span;
    if (row) history.replaceState(null, "", `#/trace/${this.traceId}?span=${row.span_id}`);
    this.mark();
    if (index >= 0) this.rows.reveal(index);
  }

  mark() {
    for (const [index, element] of this.rows.shown) element.classList.toggle("chosen", index === this.at);
  }

  /** Moves to another span. */
  move(steps) {
    const step = Math.sign(steps);
    let index = this.at;
    for (let left = Math.abs(steps); left > 0; left--) {
      let next = index + step;
      while (this.items[next] && this.items[next].kind !== "span") next += step;
      if (!this.items[next]) break;
      index = next;
    }
    if (this.items[index]) this.choose(index);
  }

  /** Opens or closes the chosen span. */
  toggleChosen(details = false) {
    const id = this.items[this.at]?.span.id;
    if (id === undefined) return;
    if (details) this.toggleDetails(id);
    else this.toggle(id);
  }
}
