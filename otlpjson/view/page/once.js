// SPDX-License-Identifier: Apache-2.0
// Copyright The otlpjson Authors
// An action that is asked for more often than it can be done.

/** Runs an action once at a time; asked for while it runs, it runs once more, however often that was. */
export function onceAtATime(action) {
  let running = false;
  let again = false;
  return async () => {
    again = true;
    if (running) return;
    running = true;
    try {
      while (again) {
        again = false;
        await action();
      }
    } finally {
      running = false;
    }
  };
}
