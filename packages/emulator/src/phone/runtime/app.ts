import { createListeners, type Listeners } from '../../lib/wx/listeners.ts'
import { callHook } from './hooks.ts'
import type { ReportError } from './problems.ts'

/** What the phone tells an app: its own hook, and who listens by `wx.on…`. */
export const APP_EVENTS = ['onError', 'onUnhandledRejection', 'onPageNotFound', 'onThemeChange'] as const
export type AppEvent = (typeof APP_EVENTS)[number]

/** What `App()` made, and what the phone tells it. */
export interface AppLife {
  /** The global `App`. */
  readonly App: (definition: unknown) => void
  /** The global `getApp`. */
  readonly getApp: (options?: { allowDefault?: boolean }) => object | undefined
  /** Who listens by `wx`. */
  readonly listeners: Readonly<Record<AppEvent, Listeners<unknown>>>
  /** Whether anybody heard it. */
  tell(hook: AppEvent | 'onLaunch' | 'onShow' | 'onHide', detail?: unknown): boolean
}

function isHeardByListeners(hook: string): hook is AppEvent {
  return (APP_EVENTS as readonly string[]).includes(hook)
}

/** Listeners that know how many they are, and that one that throws keeps none of the others from hearing. */
function countedListeners(report: ReportError): Listeners<unknown> & { size(): number } {
  const known = new Set<(event: unknown) => void>()
  const inner = createListeners<unknown>()
  return {
    on(listener) {
      known.add(listener)
      inner.on(listener)
    },
    off(listener) {
      if (listener) known.delete(listener)
      else known.clear()
      inner.off(listener)
    },
    tell(event) {
      try {
        inner.tell(event)
      } catch (error) {
        report(error, 'listener')
      }
    },
    size: () => known.size,
  }
}

export function createAppLife(report: ReportError): AppLife {
  let app: object | undefined
  const early: object = {}
  const listeners = {
    onError: countedListeners(report),
    onUnhandledRejection: countedListeners(report),
    onPageNotFound: countedListeners(report),
    onThemeChange: countedListeners(report),
  }
  return {
    listeners,
    App(definition) {
      if (app) return report('App() is called twice', 'App', 'app.js')
      const given = Object(definition)
      // An instance of a class keeps its methods, and who asked early has the same object.
      Object.setPrototypeOf(early, Object.getPrototypeOf(given))
      app = Object.assign(early, given)
    },
    getApp: (options) => app ?? (options?.allowDefault ? early : undefined),
    tell(hook, detail) {
      const isHook = app !== undefined && typeof Reflect.get(app, hook) === 'function'
      if (app) callHook(app, hook, [detail], report)
      if (!isHeardByListeners(hook)) return isHook
      listeners[hook].tell(detail)
      return isHook || listeners[hook].size() > 0
    },
  }
}
