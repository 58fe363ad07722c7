// SPDX-License-Identifier: Apache-2.0
// Copyright The otlpjson Authors
//
// Reads a JSON list of queries from standard input; writes, for each, the list of the places at
// which Grafana's grammar of TraceQL finds an error, as [from, to] in UTF-16 units.
import { readFileSync } from "node:fs";
import { parser } from "@grafana/lezer-traceql";

const errors = (query) => {
  const places = [];
  parser.parse(query).iterate({
    enter(node) {
      if (node.type.isError) places.push([node.from, node.to]);
    },
  });
  return places;
};

console.log(JSON.stringify(JSON.parse(readFileSync(0, "utf8")).map(errors)));
