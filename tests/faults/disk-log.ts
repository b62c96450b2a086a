/** What a process did to files, in the order in which it was done, read from strace's record. */
export type DiskStep =
  | { readonly kind: 'write'; readonly file: string; readonly at: number; readonly bytes: Buffer }
  | { readonly kind: 'cut'; readonly file: string; readonly size: number }
  | { readonly kind: 'sync'; readonly file: string }
  | { readonly kind: 'remove'; readonly file: string }
  /** The process said to the world that login number `n` is done. */
  | { readonly kind: 'said'; readonly n: number }

/** With these options strace writes what `readDiskLog` reads. */
export const STRACE_OPTIONS = [
  '-f',
  '-qq',
  '-y',
  '-xx',
  '-s',
  '1000000',
  '-e',
  'trace=pwrite64,write,ftruncate,fsync,fdatasync,unlink',
]

const CALL = /^(?:\d+ +)?(\w+)\((.*)$/
const UNFINISHED = / <unfinished \.\.\.>$/
const RESUMED = /^(?:(\d+) +)?<\.\.\. (\w+) resumed>(.*)$/

export function readDiskLog(text: string): DiskStep[] {
  const begun = new Map<string, string>()
  return text.split('\n').flatMap((line) => {
    const pid = /^(\d+) /.exec(line)?.[1] ?? ''
    if (UNFINISHED.test(line)) {
      begun.set(pid, line.replace(UNFINISHED, ''))
      return []
    }
    // A call counts from when it came back: nobody could build on it before.
    const resumed = RESUMED.exec(line)
    return stepsOf(resumed === null ? line : `${begun.get(pid) ?? ''}${resumed[3]}`)
  })
}

function stepsOf(line: string): DiskStep[] {
  const [, name, rest = ''] = CALL.exec(line) ?? []
  if (/= -1 /.test(line)) return []
  if (name === 'unlink') return [{ kind: 'remove', file: bytesOf(rest).toString() }]
  const file = fileOf(rest)
  if (name === 'write') return saidIn(rest)
  if (file === null) return []
  if (name === 'fsync' || name === 'fdatasync') return [{ kind: 'sync', file }]
  if (name === 'ftruncate') return [{ kind: 'cut', file, size: Number(/>, (\d+)\)/.exec(rest)?.[1]) }]
  if (name !== 'pwrite64') return []
  const at = Number(/, (\d+)\) += \d+$/.exec(rest)?.[1])
  return [{ kind: 'write', file, at, bytes: bytesOf(rest.slice(rest.indexOf('>, "'))) }]
}

/** Paths are spelled in hexadecimal too. */
function fileOf(rest: string): string | null {
  const path = /^\d+<([^>]*)>/.exec(rest)?.[1]
  if (path === undefined) return null
  return path.includes('\\x') ? bytesIn(path).toString() : path
}

function saidIn(rest: string): DiskStep[] {
  if (!rest.startsWith('1<')) return []
  const lines = bytesOf(rest.slice(rest.indexOf('>, "')))
    .toString()
    .split('\n')
  return lines.filter((one) => /^\d+$/.test(one)).map((one) => ({ kind: 'said', n: Number(one) }))
}

function bytesOf(rest: string): Buffer {
  return bytesIn(/"([^"]*)"/.exec(rest)?.[1] ?? '')
}

function bytesIn(text: string): Buffer {
  return Buffer.from(text.replaceAll('\\x', ''), 'hex')
}
