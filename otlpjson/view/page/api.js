// SPDX-License-Identifier: Apache-2.0
// Copyright The otlpjson Authors
// The viewer's API. The address of the page ends with its token, so paths are relative to it.

/** The answer to a question, as JSON; an Error with the server's words if there is none. */
export async function ask(path, query = {}, signal = undefined) {
  const response = await fetched(path, query, signal);
  return response.json();
}

/** The same as text. */
export async function askText(path, query = {}) {
  return (await fetched(path, query)).text();
}

async function fetched(path, query, signal) {
  let response;
  try {
    response = await fetch(address(path, query), { signal });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Error("the viewer does not answer; is it still running?");
  }
  if (response.ok) return response;
  const text = await response.text();
  let words = text;
  try {
    words = JSON.parse(text).error ?? JSON.parse(text).message ?? text;
  } catch {
    // It is plain text.
  }
  throw new Error(words);
}

/** The address of a question. */
export function address(path, query = {}) {
  const given = Object.entries(query).filter(([, value]) => value !== "" && value !== undefined && value !== null);
  const text = new URLSearchParams(given).toString();
  return `api/${path}${text && "?"}${text}`;
}
