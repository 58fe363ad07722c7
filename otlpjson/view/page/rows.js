// SPDX-License-Identifier: Apache-2.0
// Copyright The otlpjson Authors
// Rows of which only those in sight are in the document. Their heights may differ, and are measured.

import { el } from "./dom.js";

const BEYOND = 400; // pixels above and below that are drawn too

export class Rows {
  /**
   * scroller: the element that scrolls. usual: the height of a row that was never in sight.
   * draw(index): the element of a row. keyOf(index): what a measured height belongs to; without it all have the usual one.
   */
  constructor(scroller, { usual, draw, keyOf = null }) {
    Object.assign(this, { scroller, usual, draw, keyOf });
    this.count = 0;
    this.heights = new Map();
    this.shown = new Map();
    this.tops = null;
    this.body = el("div", { class: "rows" });
    this.observer = new ResizeObserver((entries) => this.measure(entries));
    this.onscroll = () => this.place();
    scroller.addEventListener("scroll", this.onscroll, { passive: true });
    this.resized = new ResizeObserver(() => this.place());
    this.resized.observe(scroller);
  }

  /** Forgets everything, and stops listening. */
  close() {
    this.scroller.removeEventListener("scroll", this.onscroll);
    this.resized.disconnect();
    this.observer.disconnect();
  }

  /** Draws anew, with so many rows. */
  reset(count) {
    this.count = count;
    this.clear();
    this.arrange();
    this.place();
  }

  /** Draws the rows in sight anew. */
  clear() {
    for (const element of this.shown.values()) this.remove(element);
    this.shown.clear();
  }

  remove(element) {
    this.observer.unobserve(element);
    element.remove();
  }

  arrange() {
    if (this.keyOf) {
      this.tops = new Float64Array(this.count + 1);
      for (let i = 0; i < this.count; i++) this.tops[i + 1] = this.tops[i] + (this.heights.get(this.keyOf(i)) ?? this.usual);
    }
    this.body.style.height = `${this.topOf(this.count)}px`;
  }

  topOf(index) {
    return this.tops ? this.tops[index] : index * this.usual;
  }

  indexAt(y) {
    if (!this.tops) return Math.floor(y / this.usual);
    let low = 0, high = this.count;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.tops[middle + 1] <= y) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  place() {
    const above = this.body.offsetTop;
    const from = this.scroller.scrollTop - above - BEYOND;
    const first = Math.max(this.indexAt(Math.max(from, 0)), 0);
    const last = Math.min(this.indexAt(from + this.scroller.clientHeight + 2 * BEYOND) + 1, this.count);
    for (const [index, element] of this.shown) {
      if (index < first || index >= last) {
        this.remove(element);
        this.shown.delete(index);
      }
    }
    for (let index = first; index < last; index++) {
      let element = this.shown.get(index);
      if (!element) {
        element = this.draw(index);
        element.dataset.index = index;
        this.shown.set(index, element);
        this.body.append(element);
        if (this.keyOf) this.observer.observe(element);
      }
      element.style.top = `${this.topOf(index)}px`;
    }
  }

  measure(entries) {
    let changed = false;
    for (const { target } of entries) {
      const index = Number(target.dataset.index);
      if (this.shown.get(index) !== target) continue;
      const height = target.offsetHeight;
      const key = this.keyOf(index);
      const before = this.heights.get(key) ?? this.usual;
      if (!height || height === before) continue;
      this.heights.set(key, height);
      changed = true;
      // What is in sight stays where it is.
      if (this.topOf(index) + before + this.body.offsetTop <= this.scroller.scrollTop) this.scroller.scrollTop += height - before;
    }
    if (changed) {
      this.arrange();
      this.place();
    }
  }

  /** Scrolls until a row is in sight. */
  reveal(index) {
    const top = this.topOf(index) + this.body.offsetTop, bottom = this.topOf(index + 1) + this.body.offsetTop;
    const sticky = 90;
    if (top < this.scroller.scrollTop + sticky) this.scroller.scrollTop = Math.max(top - sticky, 0);
    else if (bottom > this.scroller.scrollTop + this.scroller.clientHeight) this.scroller.scrollTop = bottom - this.scroller.clientHeight;
    this.place();
  }
}
