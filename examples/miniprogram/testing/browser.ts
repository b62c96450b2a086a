// WeChat's simulator draws into a browser's document. It looks for one when it is loaded, so this comes first.
import { createRequire } from 'node:module'
import process from 'node:process'

interface Place {
  appendChild(child: Place): Place
}

interface BrowserWindow {
  readonly document: { readonly body: Place; createElement(name: string): Place }
  readonly [name: string]: unknown
}

interface Jsdom {
  readonly JSDOM: new (html: string) => { readonly window: BrowserWindow }
}

// The phone is where most are, wherever the tests run.
process.env['TZ'] = 'Asia/Shanghai'

const { JSDOM }: Jsdom = createRequire(import.meta.url)('jsdom')
const { window } = new JSDOM('<!doctype html><html><head></head><body></body></html>')
const { document, CustomEvent, Event, Node, Element, HTMLElement } = window

// What wcc's output looks for in a browser.
Object.assign(window, { __webview_engine_version__: 0.02 })
Object.assign(globalThis, { window, document, CustomEvent, Event, Node, Element, HTMLElement })

/** A place on the page for something to be drawn into. */
export function newPlace(): unknown {
  return document.body.appendChild(document.createElement('div'))
}
