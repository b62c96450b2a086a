import * as glassEasel from 'glass-easel'
import type { PageStack } from './page-stack.ts'

/** `this` of a page or component. */
type Caller = object

interface Fields {
  id?: boolean
  dataset?: boolean
  mark?: boolean
  rect?: boolean
  size?: boolean
  scrollOffset?: boolean
  properties?: string[]
  computedStyle?: string[]
  context?: boolean
  node?: boolean
}

type Found = Record<string, unknown>
type Told = (found: Found | Found[] | null) => void

interface Question {
  /** null: the viewport. */
  selector: string | null
  isSingle: boolean
  within: Caller | undefined
  fields: Fields
  told: Told | undefined
}

/** The component of glass-easel behind the `this` of a script. */
export function componentOf(caller: Caller | undefined): glassEasel.GeneralComponent | undefined {
  const component: unknown = caller && (Reflect.get(caller, '_$') ?? caller)
  return glassEasel.Component.isComponent(component) ? component : undefined
}

/** The page's own view: a page knows nothing of the bars above it. */
export function viewOf(node: Element | null): DOMRect {
  return (node?.closest('.page-view') ?? document.documentElement).getBoundingClientRect()
}

function rectOf(node: Element): { left: number; top: number; right: number; bottom: number } {
  const view = viewOf(node)
  const { left, top, right, bottom } = node.getBoundingClientRect()
  return { left: left - view.left, top: top - view.top, right: right - view.left, bottom: bottom - view.top }
}

function scrollOf({ scrollLeft, scrollTop, scrollWidth, scrollHeight }: Element) {
  return { scrollLeft, scrollTop, scrollWidth, scrollHeight }
}

function stylesOf(node: Element, names: readonly string[]): Found {
  const style = getComputedStyle(node)
  const dashed = (name: string) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
  return Object.fromEntries(names.map((name) => [name, style.getPropertyValue(dashed(name))]))
}

function propertiesOf(element: glassEasel.Element, names: readonly string[]): Found {
  if (!glassEasel.Component.isComponent(element)) return {}
  const data = element.data as Found
  const camel = (name: string) => name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase())
  return Object.fromEntries(names.map((name) => [name, data[camel(name)]]))
}

/** What holds the scrolling of an element: itself, or the part that a scroll-view scrolls. */
function scrollerOf(node: Element): Element {
  return node.querySelector(':scope > [data-scroller]') ?? node
}

function describe(element: glassEasel.Element, fields: Fields): Found {
  const node = element.$$ as unknown
  const found: Found = {}
  if (fields.id) found['id'] = element.id
  if (fields.dataset) found['dataset'] = { ...element.dataset }
  if (fields.mark) found['mark'] = element.collectMarks()
  if (fields.properties) Object.assign(found, propertiesOf(element, fields.properties))
  if (!(node instanceof Element)) return found
  const { left, top, right, bottom } = rectOf(node)
  if (fields.rect) Object.assign(found, { left, top, right, bottom })
  if (fields.size) Object.assign(found, { width: right - left, height: bottom - top })
  if (fields.scrollOffset) Object.assign(found, scrollOf(scrollerOf(node)))
  if (fields.computedStyle) Object.assign(found, stylesOf(node, fields.computedStyle))
  if (fields.node) found['node'] = node.querySelector('canvas') ?? node
  if (fields.context) found['context'] = null
  return found
}

function describeViewport(component: glassEasel.GeneralComponent, fields: Fields): Found {
  const node: unknown = component.$$
  const view = node instanceof Element ? node.closest('.page-view') : null
  const scroller = view?.querySelector('.page-scroll')
  const { width, height } = viewOf(view)
  return {
    ...(fields.id ? { id: '' } : {}),
    ...(fields.dataset ? { dataset: {} } : {}),
    ...(fields.rect ? { left: 0, top: 0, right: width, bottom: height } : {}),
    ...(fields.size ? { width, height } : {}),
    ...(fields.scrollOffset && scroller ? scrollOf(scroller) : {}),
  }
}

function answer({ selector, isSingle, within, fields }: Question): Found | Found[] | null {
  const component = componentOf(within)
  if (!component) return isSingle ? null : []
  if (selector === null) return describeViewport(component, fields)
  const root = component.getShadowRoot()
  if (isSingle) {
    const element = root?.querySelector(selector)
    return element ? describe(element, fields) : null
  }
  return (root?.querySelectorAll(selector) ?? []).map((element) => describe(element, fields))
}

const RECT: Fields = { id: true, dataset: true, rect: true, size: true }
const SCROLL: Fields = { id: true, dataset: true, scrollOffset: true }

/** `wx.createSelectorQuery()`: asks after the next drawing, all questions at once. */
export function createSelectorQuery(stack: PageStack, owner?: Caller) {
  const questions: Question[] = []
  let within = owner
  const refOf = (selector: string | null, isSingle: boolean) => {
    const ask = (fields: Fields, told?: Told) => {
      questions.push({ selector, isSingle, within: within ?? stack.top?.page, fields, told })
      return query
    }
    return {
      fields: ask,
      boundingClientRect: (told?: Told) => ask(RECT, told),
      scrollOffset: (told?: Told) => ask(SCROLL, told),
      context: (told?: Told) => ask({ context: true }, told),
      node: (told?: Told) => ask({ node: true }, told),
    }
  }
  const query = {
    in(component: Caller) {
      within = component
      return query
    },
    select: (selector: string) => refOf(selector, true),
    selectAll: (selector: string) => refOf(selector, false),
    selectViewport: () => refOf(null, true),
    exec(told?: (found: unknown[]) => void) {
      requestAnimationFrame(() => {
        const answers = questions.map((question) => {
          const found = answer(question)
          question.told?.(found)
          return found
        })
        told?.(answers)
      })
      return query
    },
  }
  return query
}
