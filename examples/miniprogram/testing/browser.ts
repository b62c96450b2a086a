// WeChat's simulator draws into a browser's document. It looks for one when it is loaded, so this comes first.
import { JSDOM } from 'jsdom'

const { window } = new JSDOM('<!doctype html><html lang="zh"><head></head><body></body></html>', {
  pretendToBeVisual: true,
})
const { document, CustomEvent, Event, TouchEvent, Node, Element, HTMLElement } = window

Object.assign(globalThis, { window, document, CustomEvent, Event, TouchEvent, Node, Element, HTMLElement })

/** A place on the page for something to be drawn into. */
export function newPlace() {
  return document.body.appendChild(document.createElement('div'))
}
