// SPDX-License-Identifier: Apache-2.0
// Copyright The otlpjson Authors
// The keyboard.

export const KEYS = [
  ["j, k, ↓, ↑", "next, previous"],
  ["J, K", "ten further"],
  ["Enter, o", "open; open or close a conversation"],
  ["d", "details of a span"],
  ["e", "open or close all conversations"],
  ["Esc", "back to the list"],
  ["/", "search"],
  ["f", "filters"],
  ["s", "save the trace as OTLP/JSON"],
  ["l", "live on and off"],
  ["t", "dark or light"],
  ["?", "this help"],
];

const ACTIONS = {
  j: "down", ArrowDown: "down", k: "up", ArrowUp: "up", J: "pageDown", K: "pageUp", Enter: "enter", o: "enter",
  d: "details", e: "all", Escape: "back", "/": "search", f: "filters", s: "save", l: "live", t: "theme", "?": "help",
};

/** Calls the functions of these names when their keys are pressed. */
export function listen(actions) {
  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
    const typing = event.target.closest("input, select, textarea");
    const pressing = event.key === "Enter" && event.target.closest("button, a, summary");
    const action = ACTIONS[event.key];
    if (!action || pressing || (typing && event.key !== "Escape")) return;
    event.preventDefault();
    actions[action]();
  });
}
