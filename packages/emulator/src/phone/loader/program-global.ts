const LANGUAGE = [
  ...['Object', 'Function', 'Array', 'Boolean', 'Number', 'BigInt', 'String', 'Symbol', 'RegExp', 'Date'],
  ...['Error', 'AggregateError', 'EvalError', 'RangeError', 'ReferenceError', 'SyntaxError', 'TypeError'],
  ...[
    'URIError',
    'Promise',
    'Proxy',
    'Reflect',
    'Map',
    'Set',
    'WeakMap',
    'WeakSet',
    'WeakRef',
    'JSON',
    'Math',
  ],
  ...['Intl', 'ArrayBuffer', 'DataView', 'Int8Array', 'Uint8Array', 'Uint8ClampedArray', 'Int16Array'],
  ...['Uint16Array', 'Int32Array', 'Uint32Array', 'Float32Array', 'Float64Array', 'BigInt64Array'],
  ...['BigUint64Array', 'parseInt', 'parseFloat', 'isNaN', 'isFinite', 'encodeURI', 'encodeURIComponent'],
  ...['decodeURI', 'decodeURIComponent', 'escape', 'unescape', 'NaN', 'Infinity', 'undefined', 'console'],
]
const TIMERS = ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] as const

/**
 * What a mini program sees as `global` and `globalThis`: the language and the timers, and what it puts there itself. Bundlers
 * and frameworks look for it, and where there is none they ask `new Function` for it, which the page forbids; the browser's
 * own would show them a browser.
 */
export function createProgramGlobal(): object {
  const program: Record<string, unknown> = {}
  for (const name of LANGUAGE) program[name] = Reflect.get(window, name)
  for (const name of TIMERS) program[name] = (...args: unknown[]) => Reflect.apply(window[name], window, args)
  return Object.assign(program, { global: program, globalThis: program })
}
