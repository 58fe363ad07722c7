// SPDX-License-Identifier: Apache-2.0
// Copyright The otlpjson Authors
// JSON as a tree that opens step by step; nothing below a closed branch is in the document.

import { el } from "./dom.js";

const SHOWN = 200;

/** A text as a tree if it is JSON with members, open down to a depth; else as it is. */
export function treeOrText(text, depth = 1) {
  try {
    const value = JSON.parse(text);
    if (value !== null && typeof value === "object") return el("div", { class: "tree" }, branch("", value, depth));
  } catch {
    // It is shown as text.
  }
  return el("pre", {}, text);
}

function branch(key, value, depth) {
  if (value === null || typeof value !== "object") return leaf(key, value);
  const entries = Object.entries(value);
  const size = Array.isArray(value) ? `[${entries.length}]` : `{${entries.length}}`;
  if (!entries.length) return leaf(key, Array.isArray(value) ? [] : {});
  const open = depth > 0;
  const details = el("details", { open },
    el("summary", {}, key && el("span", { class: "key" }, `${key}: `), el("span", { class: "dim" }, size)));
  const fill = () => {
    if (details.childElementCount > 1) return;
    details.append(...entries.slice(0, SHOWN).map(([name, item]) => branch(name, item, entries.length === 1 ? depth : depth - 1)));
    if (entries.length > SHOWN) details.append(el("div", { class: "dim" }, `… ${entries.length - SHOWN} more`));
  };
  if (open) fill();
  details.addEventListener("toggle", fill);
  return details;
}

function leaf(key, value) {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return el("div", { class: "leaf" }, key && el("span", { class: "key" }, `${key}: `),
    el("span", { class: typeof value === "string" ? "string" : "value" }, text));
}
