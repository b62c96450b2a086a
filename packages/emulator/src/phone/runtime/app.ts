import { callHook } from './hooks.ts'
import type { ReportError } from './problems.ts'

/** What `App()` made, and what the phone tells it. */
export interface AppLife {
  /** The global `App`. */
  readonly App: (definition: unknown) => void
  /** The global `getApp`. */
  readonly getApp: (options?: { allowDefault?: boolean }) => object | undefined
  /** Calls a hook of the app and whoever listens by `wx.on…`. */
  tell(hook: string, args: unknown[]): void
  has(hook: string): boolean
}

export function createAppLife(report: ReportError): AppLife {
  let app: object | undefined
  const early: object = {}
  return {
    App(definition) {
      if (app) return report('App() is called twice', 'App', 'app.js')
      const given = Object(definition)
      // An instance of a class keeps its methods, and who asked early has the same object.
      Object.setPrototypeOf(early, Object.getPrototypeOf(given))
      app = Object.assign(early, given)
    },
    getApp: (options) => app ?? (options?.allowDefault ? early : undefined),
    tell(hook, args) {
      if (app) callHook(app, hook, args, report)
    },
    has: (hook) => app !== undefined && typeof Reflect.get(app, hook) === 'function',
  }
}
