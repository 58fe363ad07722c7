// SPDX-License-Identifier: Apache-2.0
// Copyright The otlpjson Authors
// Everything else about a span: facts, errors, attributes, events, links and the raw JSON.

import { address, askText } from "./api.js";
import { copyButton, el, say } from "./dom.js";
import { cost, duration, iso, plural, tokens } from "./format.js";
import { longText } from "./text.js";
import { treeOrText } from "./tree.js";

const RAW_DEPTH = 3; // down to the members of a span
const CODES = ["unset", "ok", "error"];

/** The details of a span. */
export function drawDetails(row, preview) {
  const { conversation } = preview;
  return el("section", { class: "details", "aria-label": "Details" },
    preview.message.text && el("div", { class: "bad" }, longText(row.id, preview.message, { name: "error message" })),
    el("dl", { class: "facts" }, facts(row, preview).filter(([, value]) => value).map(([name, value]) =>
      el("div", {}, el("dt", {}, name), el("dd", {}, value)))),
    preview.events.map((event) => folded(`event ${event.name}`, () => table(row.id, event.attributes), event.name === "exception")),
    conversation.parameters.text && folded("request parameters", () => longText(row.id, conversation.parameters, { json: true })),
    conversation.tools.text && folded("tools offered", () => longText(row.id, conversation.tools, { json: true })),
    folded(plural(preview.attributes.length, "attribute"), () => table(row.id, preview.attributes)),
    folded("resource", () => table(row.id, preview.resource)),
    preview.links.length > 0 && folded(plural(preview.links.length, "link"), () =>
      el("ul", {}, preview.links.map((link) => el("li", {}, el("a", { href: `#/trace/${link.trace_id}` }, `${link.trace_id} ${link.span_id}`))))),
    Object.entries(preview.dropped).filter(([, number]) => number > 0).map(([name, number]) => el("p", { class: "dim" }, `${number} ${name} dropped`)),
    folded("raw JSON", () => raw(row.id)),
    el("p", {}, el("a", { class: "button", href: address(`spans/${row.id}/otlp`), download: "" }, "download span")));
}

function facts(row, preview) {
  return [
    ["span", preview.span_id],
    ["kind", preview.kind],
    ["status", CODES[preview.status] ?? String(preview.status)],
    ["began", preview.start_ns === "0" ? "" : iso(preview.start_ns)],
    ["took", duration(row.duration_ms)],
    ["first token", duration(row.time_to_first_token_ms)],
    ["model", row.model],
    ["provider", row.provider_name],
    ["tokens", tokens(row.input_tokens, row.output_tokens)],
    ["cost", cost(row.total_cost)],
    ["finish", row.finish_reason],
    ["generation", row.generation_id],
    ["service", row.service],
    ["trace state", preview.trace_state],
  ];
}

function folded(title, draw, open = false) {
  const details = el("details", { open }, el("summary", {}, title));
  const fill = () => {
    if (details.childElementCount === 1) details.append(draw());
  };
  if (open) fill();
  details.addEventListener("toggle", fill);
  return details;
}

function table(span, attributes) {
  if (!attributes.length) return el("p", { class: "dim" }, "none");
  return el("div", { class: "attributes" }, attributes.map((one) =>
    el("div", { class: "attribute" }, el("span", { class: "key" }, one.key), el("span", { class: "dim" }, one.type),
      longText(span, one, { json: one.type === "text" && /^[[{]/.test(one.text), name: one.key }))));
}

function raw(id) {
  const body = el("div", {}, "…");
  askText(`spans/${id}/otlp`).then(
    (text) => body.replaceChildren(copyButton("Copy JSON", () => text), treeOrText(text, RAW_DEPTH)),
    (error) => say(error.message));
  return body;
}
