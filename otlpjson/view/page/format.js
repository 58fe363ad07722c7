// SPDX-License-Identifier: Apache-2.0
// Copyright The otlpjson Authors
// Numbers as people read them.

/** `96.0 ms`, `1.203 s`, `2 min 05 s`, `1 h 02 min`. */
export function duration(ms) {
  if (ms === null || ms === undefined) return "";
  if (ms === 0) return "0 ms";
  if (ms < 1) return `${(ms * 1000).toFixed(1)} µs`;
  if (ms < 1000) return `${ms.toFixed(1)} ms`;
  const s = ms / 1000;
  if (s < 60) return `${s.toFixed(3)} s`;
  const two = (number) => String(Math.floor(number)).padStart(2, "0");
  if (s < 3600) return `${Math.floor(s / 60)} min ${two(s % 60)} s`;
  return `${Math.floor(s / 3600)} h ${two((s % 3600) / 60)} min`;
}

/** `$0.000510`. */
export function cost(dollars) {
  if (dollars === null || dollars === undefined) return "";
  return Math.abs(dollars) < 1e9 ? `$${dollars.toFixed(Math.abs(dollars) >= 10 ? 2 : 6)}` : `$${dollars.toExponential(2)}`;
}

/** `12 → 48`. */
export function tokens(input, output) {
  if (typeof input !== "number" && typeof output !== "number") return "";
  const text = (number) => (typeof number === "number" ? count(number) : "?");
  return `${text(input)} → ${text(output)}`;
}

/** `1,234`, `12.3 k`, `4.5 M`. */
export function count(number) {
  if (number < 10_000) return number.toLocaleString("en");
  if (number < 1e6) return `${(number / 1000).toFixed(1)} k`;
  return `${(number / 1e6).toFixed(1)} M`;
}

/** `1 trace`, `2 traces`. */
export function plural(number, noun) {
  return `${number.toLocaleString("en")} ${noun}${number === 1 ? "" : "s"}`;
}

/** A moment in this browser's time zone, from a text of nanoseconds; with the date if it is not today, and the year if it is another one. */
export function moment(ns) {
  if (!ns || ns === "0") return "";
  const date = new Date(Number(BigInt(ns) / 1_000_000n));
  const time = date.toLocaleTimeString(undefined, { hourCycle: "h23" });
  const now = new Date();
  if (date.toDateString() === now.toDateString()) return time;
  const two = (number) => String(number).padStart(2, "0");
  const year = date.getFullYear() === now.getFullYear() ? "" : `${date.getFullYear()}-`;
  return `${year}${two(date.getMonth() + 1)}-${two(date.getDate())} ${time}`;
}

/** `2026-02-13T18:00:00.000Z`, from a text of nanoseconds. */
export function iso(ns) {
  return new Date(Number(BigInt(ns) / 1_000_000n)).toISOString();
}

/** `gpt-4o` of `openai/gpt-4o`. */
export function shortModel(model) {
  return model.slice(model.lastIndexOf("/") + 1);
}
