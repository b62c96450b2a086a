import { createContext, runInContext } from 'node:vm'

const OUTSIDE = [
  ...['wx', 'uni', 'Taro', 'my', 'tt', 'swan', 'getApp', 'Page'],
  ...['window', 'self', 'global', 'document', 'navigator', 'location', 'localStorage', 'XMLHttpRequest'],
  ...['process', 'Buffer', 'URL', 'TextEncoder', 'fetch', 'AbortController', 'crypto', 'console'],
  ...['setTimeout', 'clearTimeout', 'setInterval', 'queueMicrotask'],
]

/**
 * Runs a CommonJS module in a realm of its own, where whoever so much as asks for a global beyond the language's own
 * gets an error.
 * @returns what it exports
 */
export function loadUntouched(script: string): Record<string, unknown> {
  const globals = Object.fromEntries(OUTSIDE.map((name) => [name, forbidden(name)]))
  const module = { exports: {} }
  const context = createContext(Object.defineProperties({}, globals))
  const run = runInContext(`(function (module, exports, require) {${script}\n})`, context)
  run(module, module.exports, (name: string) => {
    throw new Error(`require(${name}) at import`)
  })
  return module.exports
}

function forbidden(name: string): PropertyDescriptor {
  const touched = () => {
    throw new Error(`${name} was touched at import`)
  }
  return { get: touched, set: touched, configurable: false, enumerable: true }
}
