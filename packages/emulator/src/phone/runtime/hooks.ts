import type { ReportError } from './problems.ts'

/** Calls a method that a page or an app may have; what it throws is reported and goes no further. */
export function callHook(target: object, name: string, args: unknown[], report: ReportError): unknown {
  const hook: unknown = Reflect.get(target, name)
  if (typeof hook !== 'function') return undefined
  try {
    return Reflect.apply(hook, target, args)
  } catch (error) {
    report(error, name)
    return undefined
  }
}

export function hasHook(target: object, name: string): boolean {
  return typeof Reflect.get(target, name) === 'function'
}
