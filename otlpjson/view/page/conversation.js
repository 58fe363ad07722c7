// SPDX-License-Identifier: Apache-2.0
// Copyright The otlpjson Authors
// A conversation on the time axis of its trace: each message is a row with its mark on the axis, and its text below.

import { el } from "./dom.js";
import { duration } from "./format.js";
import { longText } from "./text.js";

/**
 * The rows of a span's conversation: what the request says that earlier messages did not, then the answer.
 * span: the row of the waterfall. preview: of the span. all: whether earlier messages are shown.
 */
export function messagesOf(span, preview, all) {
  const { messages, has_completion, left_out } = preview.conversation;
  const prompt = has_completion ? messages.slice(0, -1) : messages;
  const answered = prompt.map((message) => message.role).lastIndexOf("assistant");
  // A conversation repeats what was said before; one earlier message would be hidden by a row as high as itself.
  const folded = all || answered < 2 ? 0 : answered;
  const rows = [];
  if (folded + left_out > 0) rows.push({ kind: "earlier", span, count: folded + left_out, folded });
  for (const message of prompt.slice(folded)) rows.push({ kind: "message", span, message, at: [span.start_ms, span.start_ms] });
  if (has_completion) rows.push({ kind: "message", span, message: messages.at(-1), at: answerTimes(span), answer: true });
  return rows;
}

/** When the answer came: from the first token, if it is known, to the end. */
function answerTimes({ start_ms, duration_ms, first_token_at_ms }) {
  if (start_ms === null) return [null, null];
  const end = start_ms + (duration_ms ?? 0);
  return [first_token_at_ms === null ? end : Math.min(start_ms + first_token_at_ms, end), end];
}

/** A message's element. axis(from, to): its mark on the axis. */
export function drawMessage({ span, message, at, answer }, axis) {
  const name = message.is_error ? `${message.role} failed` : message.role;
  return el("article", { class: `message ${answer ? "answer" : ""}`, "data-role": message.role },
    el("div", { class: "line" },
      el("span", { class: "role" }, name),
      axis(at[0], at[1]),
      el("span", { class: "at" }, answer && at[0] < at[1] && el("span", { class: "roomy" }, `${duration(at[0])} – `), duration(at[1]))),
    el("div", { class: "parts" }, message.parts.map((part) => drawPart(span.id, part, message.role)),
      message.left_out > 0 && el("p", { class: "dim" }, `${message.left_out} more parts`),
      !message.parts.length && el("p", { class: "dim" }, "nothing")));
}

function drawPart(span, part, role) {
  switch (part.kind) {
    case "reasoning":
      return el("details", { class: "reasoning" }, el("summary", {}, "reasoning"), longText(span, part, { name: "reasoning" }));
    case "call":
      return el("div", { class: "call" }, el("span", { class: "key", title: part.call_id }, `⚙ ${part.name}`),
        longText(span, part, { json: true, name: "arguments" }));
    case "media":
      return el("p", { class: "media" }, `${part.name ? `${part.name} ` : ""}${part.text}`);
    case "json":
      return longText(span, part, { json: true });
    default:
      // What a tool answers is often JSON.
      return longText(span, part, { json: role === "tool" });
  }
}
