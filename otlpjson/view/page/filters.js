// SPDX-License-Identifier: Apache-2.0
// Copyright The otlpjson Authors
// The filters: their fields, and the condition that they stand for.

import { ask } from "./api.js";
import { byId, el, fill } from "./dom.js";

const FIELDS = [
  { name: "model", label: "Model", values: "model" },
  { name: "user", label: "User", values: "user" },
  { name: "session", label: "Session", values: "session" },
  { name: "provider", label: "Provider", values: "provider" },
  { name: "status", label: "Status", choices: ["", "error", "ok", "unset"] },
  { name: "cost_min", label: "Cost from, $", number: true },
  { name: "cost_max", label: "Cost to, $", number: true },
  { name: "duration_min", label: "Duration from", placeholder: "1.5s" },
  { name: "duration_max", label: "Duration to", placeholder: "2min" },
  { name: "metadata", label: "Metadata", placeholder: "environment=production", values: "metadata" },
  { name: "order", label: "Order", choices: ["newest", "oldest", "slowest", "costliest"] },
  { name: "where", label: "Where", placeholder: "errors > 0 and name ~ agent", wide: true },
];
const EQUAL = ["model", "user", "session", "provider", "status"];

/** A text as a value of a condition. */
function quoted(text) {
  return `"${text.replace(/["\\]/g, "\\$&")}"`;
}

/** The condition that filters stand for. */
export function whereOf(filters) {
  const parts = EQUAL.filter((name) => filters[name]).map((name) => `${name} = ${quoted(filters[name])}`);
  if (filters.q) parts.push(`text ~ ${quoted(filters.q)}`);
  if (filters.cost_min) parts.push(`cost >= ${quoted(filters.cost_min)}`);
  if (filters.cost_max) parts.push(`cost <= ${quoted(filters.cost_max)}`);
  if (filters.duration_min) parts.push(`duration >= ${quoted(filters.duration_min)}`);
  if (filters.duration_max) parts.push(`duration <= ${quoted(filters.duration_max)}`);
  if (filters.metadata) parts.push(metadata(filters.metadata));
  if (filters.from) parts.push(`started >= ${quoted(filters.from)}`);
  if (filters.to) parts.push(`started < ${quoted(filters.to)}`);
  if (filters.where) parts.push(filters.where);
  return parts.join(" and ");
}

function metadata(text) {
  const at = text.indexOf("=");
  const [key, value] = at < 0 ? [text, ""] : [text.slice(0, at), text.slice(at + 1)];
  return at < 0 ? `metadata.${key.trim()} ~ ""` : `metadata.${key.trim()} = ${quoted(value.trim())}`;
}

/** Draws the fields into a section; `change(name, value)` is called when one changes. */
export function drawFilters(section, filters, change) {
  const fields = FIELDS.map((field) => {
    const value = filters[field.name] ?? "";
    const changed = (event) => change(field.name, event.target.value.trim());
    const list = field.values && `values-${field.values}`;
    const input = field.choices
      ? el("select", { onchange: changed }, field.choices.map((choice) =>
          el("option", { value: choice, selected: choice === value }, choice || "any")))
      : el("input", { value, list, placeholder: field.placeholder, onchange: changed, inputmode: field.number && "decimal",
          autocomplete: "off", onfocus: field.values && (() => fillValues(list, field.values)) });
    input.name = field.name;
    return el("label", { class: field.wide && "wide" }, field.label, input,
      list && el("datalist", { id: list }));
  });
  const times = ["from", "to"].filter((name) => filters[name]).map((name) =>
    el("button", { type: "button", class: "chip", onclick: () => change(name, "") }, `${name} ${filters[name]} ✕`));
  const clear = el("button", { type: "button", onclick: () => change("", "") }, "Clear");
  fill(section, fields, times, clear);
}

async function fillValues(id, field) {
  try {
    const { values } = await ask("values", { field });
    byId(id)?.replaceChildren(...values.map((value) => el("option", { value: field === "metadata" ? `${value}=` : value })));
  } catch {
    // The field works without suggestions.
  }
}
