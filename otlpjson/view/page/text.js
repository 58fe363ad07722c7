// SPDX-License-Identifier: Apache-2.0
// Copyright The otlpjson Authors
// A text that may be long: its beginning first, and the rest piece by piece when it is asked for.

import { askText } from "./api.js";
import { copyButton, el, say } from "./dom.js";
import { count } from "./format.js";
import { treeOrText } from "./tree.js";

const PIECE = 50_000;

/** The whole text of a preview's text. */
export function wholeText(span, cut) {
  return cut.at === undefined ? Promise.resolve(cut.text) : askText(`spans/${span}/text`, { at: cut.at });
}

/** A text of a span: `cut` is what a preview has of it; with `json` it is drawn as a tree once it is whole. */
export function longText(span, cut, { json = false, name = "text" } = {}) {
  const body = el("div", { class: "said" });
  const show = (text) => body.replaceChildren(json ? treeOrText(text) : el("pre", {}, text));
  const copy = copyButton(`Copy ${name}`, () => wholeText(span, cut));
  if (cut.at === undefined) {
    show(cut.text);
    return el("div", { class: "text" }, copy, body);
  }
  body.append(el("pre", {}, cut.text));
  const more = el("button", { type: "button", class: "small", onclick: async () => {
    more.disabled = true;
    try {
      const text = await wholeText(span, cut);
      if (json && text.length < 4 * PIECE) show(text);
      else pieces(body, text, 0);
      more.remove();
    } catch (error) {
      more.disabled = false;
      say(error.message);
    }
  } }, `show all ${count(cut.length)} characters`);
  return el("div", { class: "text" }, copy, body, more);
}

/** Adds a text in pieces, of which the browser lays out only those in sight. */
function pieces(body, text, start) {
  if (start === 0) body.replaceChildren();
  const end = Math.min(start + 20 * PIECE, text.length);
  for (let at = start; at < end; at += PIECE) body.append(el("pre", { class: "piece" }, text.slice(at, at + PIECE)));
  if (end < text.length) {
    const next = el("button", { type: "button", class: "small", onclick: () => (next.remove(), pieces(body, text, end)) },
      `${count(text.length - end)} more`);
    body.append(next);
  }
}
