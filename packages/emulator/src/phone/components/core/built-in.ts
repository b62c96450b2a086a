import type * as glassEasel from 'glass-easel'
import type { PhoneServices } from '../services.ts'
import { ARIA_PROPERTIES, applyAria } from './aria.ts'
import { flag, type Properties, type Values } from './property.ts'
import { type AnySelf, remember, type Self } from './self.ts'

/**
 * A built-in component. Its host element is `wx-{tag}`; what the template has between its tags is put straight into
 * the host, beside the elements that `setup` adds. No template of its own: nothing has to be compiled, and its code says
 * what it does with the element.
 */
export interface BuiltIn {
  readonly tag: string
  readonly properties: Properties
  /** Whether it shows what stands between its tags. */
  readonly hasContent: boolean
  readonly setup: (self: AnySelf) => void
}

const COMMON = { hidden: flag(), ...ARIA_PROPERTIES }

export function builtIn<P extends Properties>(
  tag: string,
  properties: P,
  setup: (self: Self<Values<P>>) => void,
  { hasContent = true }: { hasContent?: boolean } = {},
): BuiltIn {
  return { tag, properties, hasContent, setup: setup as unknown as BuiltIn['setup'] }
}

/** A compiled template without anything in it. */
const EMPTY_TEMPLATE = { content: () => () => ({ C: () => {}, B: {} }) }

interface Inner {
  self: AnySelf
  watchers: (() => void)[]
  attached: (() => void)[]
  detached: (() => void)[]
}

const inners = new WeakMap<glassEasel.GeneralComponent, Inner>()

/** glass-easel's segment for styles that outlast the template's. */
const LASTING_STYLE = 3

function selfOf(
  tag: string,
  component: glassEasel.GeneralComponent,
  phone: PhoneServices,
  inner: Inner,
): AnySelf {
  return {
    tag,
    host: component.$$ as unknown as HTMLElement,
    component,
    phone,
    abilities: {},
    get data() {
      return component.data
    },
    from: () => component.ownerShadowRoot?.getHostNode().is ?? '',
    set: (patch) => component.setData(patch),
    emit: (name, detail = {}, options = {}) => component.triggerEvent(name, detail, options),
    on: (name, listener, options) => {
      component.addListener(name, (event) => listener(event), options)
    },
    watch: (render) => inner.watchers.push(render),
    attached: (callback) => inner.attached.push(callback),
    detached: (callback) => inner.detached.push(callback),
    style: (css) => component.setNodeStyle(css, LASTING_STYLE),
  }
}

function render(component: glassEasel.GeneralComponent): void {
  const inner = inners.get(component)
  if (inner === undefined) return
  const { self } = inner
  self.host.toggleAttribute('hidden', self.data['hidden'] === true)
  for (const watcher of inner.watchers) watcher()
  applyAria(self.host.querySelector<HTMLElement>(':scope > [data-control]') ?? self.host, self.data)
}

function create(spec: BuiltIn, phone: PhoneServices, component: glassEasel.GeneralComponent): void {
  const inner: Partial<Inner> & Omit<Inner, 'self'> = { watchers: [], attached: [], detached: [] }
  const self = selfOf(spec.tag, component, phone, inner as Inner)
  inner.self = self
  remember(self)
  inners.set(component, inner as Inner)
  spec.setup(self)
}

/** What a template gives as undefined, as builds of Taro do for all that an app leaves out, means the default. */
function withDefaults(properties: Properties): Record<string, object> {
  const all = Object.entries(properties)
  return Object.fromEntries(all.map(([name, { value, ...one }]) => [name, { ...one, default: () => value }]))
}

/** Makes a component known under its tag to all pages and components of a space. */
export function register(space: glassEasel.ComponentSpace, phone: PhoneServices, spec: BuiltIn): void {
  const definition = space.defineComponent({
    is: `wx-${spec.tag}`,
    template: spec.hasContent ? null : EMPTY_TEMPLATE,
    properties: withDefaults({ ...COMMON, ...spec.properties }) as unknown as Record<string, never>,
    options: { dataDeepCopy: 'none', propertyPassingDeepCopy: 'none' } as glassEasel.ComponentOptions,
    observers: {
      '**': function (this: glassEasel.GeneralComponent) {
        render(this)
      },
    },
    lifetimes: {
      created(this: glassEasel.GeneralComponent) {
        create(spec, phone, this)
      },
      attached(this: glassEasel.GeneralComponent) {
        render(this)
        for (const callback of inners.get(this)?.attached ?? []) callback()
      },
      detached(this: glassEasel.GeneralComponent) {
        for (const callback of inners.get(this)?.detached ?? []) callback()
      },
    },
  })
  space.setGlobalUsingComponent(spec.tag, definition.general())
}
