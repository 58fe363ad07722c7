// SPDX-License-Identifier: Apache-2.0
// Copyright The otlpjson Authors
// Sums over what is selected, as numbers and small charts.

import { el, svg } from "./dom.js";
import { cost, count, iso, moment, plural, shortModel } from "./format.js";

const HEIGHT = 56;

/** The sums of an answer; `pick(filters)` is called with what was clicked. On a small screen the list comes first. */
export function drawSums(sums, pick, opened = !matchMedia("(max-width: 760px)").matches) {
  return el("section", { class: "sums", "aria-label": "Sums" },
    el("dl", { class: "figures" },
      figure("traces", count(sums.traces)),
      figure("failed", count(sums.failed), sums.failed > 0 && "bad"),
      figure("cost", cost(sums.cost)),
      figure("tokens in", count(sums.input_tokens)),
      figure("tokens out", count(sums.output_tokens))),
    el("details", { class: "charts", open: opened }, el("summary", {}, "charts"),
      el("div", {},
        sums.traces > 1 && overTime(sums, pick),
        bars("by model", sums.by_model, (name) => pick({ model: name }), shortModel),
        sums.by_user.some((one) => one.name !== null) && bars("by user", sums.by_user, (name) => pick({ user: name })))));
}

function figure(name, text, kind = "") {
  return el("div", {}, el("dt", {}, name), el("dd", { class: kind || null }, text));
}

function overTime({ first_ns, over_time: { step_ns, steps } }, pick) {
  const most = Math.max(...steps.map((step) => step.traces), 1);
  const wide = Math.max(...steps.map((step) => step.step), 0) + 1;
  const columns = steps.map((step) => {
    const from = BigInt(first_ns) + BigInt(step.step) * BigInt(step_ns);
    const title = `${moment(String(from))}: ${plural(step.traces, "trace")}, ${step.failed} failed, ${cost(step.cost)}`;
    const height = Math.max((HEIGHT * step.traces) / most, 2), failed = (HEIGHT * step.failed) / most;
    const choose = () => pick({ from: iso(String(from)), to: iso(String(from + BigInt(step_ns) + 999_999n)) });
    return svg("g", { class: "column", onclick: choose },
      svg("title", {}, title),
      svg("rect", { x: step.step, y: 0, width: 1, height: HEIGHT, class: "space" }),
      svg("rect", { x: step.step + 0.1, y: HEIGHT - height, width: 0.8, height }),
      failed > 0 && svg("rect", { x: step.step + 0.1, y: HEIGHT - failed, width: 0.8, height: failed, class: "bad" }));
  });
  return el("figure", {}, el("figcaption", {}, "over time"),
    svg("svg", { viewBox: `0 0 ${wide} ${HEIGHT}`, preserveAspectRatio: "none", class: "over-time", role: "img",
      "aria-label": "Traces over time" }, columns));
}

function bars(title, groups, pick, shorten = (name) => name) {
  const by = groups.some((one) => one.cost > 0) ? "cost" : "requests";
  const most = Math.max(...groups.map((one) => one[by]), 1e-12);
  const rows = groups.slice(0, 5).map((one) => {
    const label = one.name === null ? "(none)" : shorten(one.name);
    return el("button", { type: "button", class: "bar", disabled: one.name === null, onclick: () => pick(one.name),
      title: `${one.name ?? "none"}: ${plural(one.requests, "request")}, ${cost(one.cost)}, ${plural(one.tokens, "token")}` },
      el("span", { class: "filled", style: { width: `${(100 * one[by]) / most}%` } }),
      el("span", { class: "name" }, label),
      el("span", { class: "value" }, by === "cost" ? cost(one.cost) : count(one.requests)));
  });
  return el("figure", {}, el("figcaption", {}, `${by} ${title}`), rows.length ? rows : "nothing");
}
