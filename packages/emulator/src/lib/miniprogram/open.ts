import { type Builder, createBuilder } from './builder.ts'
import type { Build } from './compile.ts'
import { fileInside } from './folder.ts'
import type { Problem } from './program.ts'

/** A mini program's folder, compiled, and compiled again when it changes. */
export interface MiniProgram {
  /** The newest build, of the folder as it is now. What is wrong with it stands in its program's `problems`. */
  current(): Promise<Build>
  /** A build that a phone may still be loading. */
  build(number: number): Build | undefined
  /** The true path of a file of the mini program that a phone may fetch; null where there is none. */
  file(path: string): Promise<string | null>
  /** Told the number of each new build. The folder is looked at as long as somebody listens. Returns what stops it. */
  onBuild(listener: (build: number) => void): () => void
  close(): void
}

/** Calls `run` once after a while; returns what takes that back. */
export type Later = (run: () => void, delayMs: number) => () => void

export interface OpenOptions {
  /** Hears a line when a build has other errors than the one before. */
  log?: ((line: string) => void) | undefined
  /** Default: real time. */
  later?: Later | undefined
}

/** How long the folder is left alone between two looks … */
const LOOK_MS = 200
/** … and at least so many times as long as the look took. */
const REST = 15

function realLater(run: () => void, delayMs: number): () => void {
  const timer = setTimeout(run, delayMs)
  timer.unref()
  return () => clearTimeout(timer)
}

function summary(problems: readonly Problem[]): string {
  const errors = problems.filter(({ severity }) => severity === 'error')
  const [first] = errors
  if (!first) return ''
  const place = first.line === undefined ? '' : `:${first.line}:${first.column ?? 1}`
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more; the phone shows them)` : ''
  return `mini program: ${first.file}${place}: ${first.message}${more}`
}

/** Looks at the folder again and again until it is stopped. */
function startLooking(builder: Builder, later: Later, log: (line: string) => void): () => void {
  let cancel = () => {}
  let isStopped = false
  async function look() {
    const started = performance.now()
    await builder.look().catch((error: unknown) => log(`mini program: ${error}`))
    if (!isStopped) cancel = later(() => void look(), Math.max(LOOK_MS, (performance.now() - started) * REST))
  }
  cancel = later(() => void look(), LOOK_MS)
  return () => {
    isStopped = true
    cancel()
  }
}

/**
 * Opens the mini program in `dir`: the folder with app.json, or a project whose project.config.json names one. A folder that
 * is none is opened too, and becomes one as soon as app.json is there.
 */
export function openMiniProgram(dir: string, options: OpenOptions = {}): MiniProgram {
  const { log = () => {}, later = realLater } = options
  const listeners = new Set<(build: number) => void>()
  let said = ''
  let stopLooking: (() => void) | undefined

  const builder = createBuilder(dir, ({ program }) => {
    const line = summary(program.problems)
    if (line !== '' && line !== said) log(line)
    said = line
    for (const listener of listeners) listener(program.build)
  })

  function close() {
    listeners.clear()
    stopLooking?.()
    stopLooking = undefined
  }

  return {
    current: () => builder.build(),
    build: (number) => builder.find(number),
    file: async (path) => {
      const folder = builder.folder() ?? (await builder.build().then(() => builder.folder()))
      return folder === undefined ? null : fileInside(folder.root, path)
    },
    onBuild(listener) {
      listeners.add(listener)
      stopLooking ??= startLooking(builder, later, log)
      return () => {
        listeners.delete(listener)
        if (listeners.size === 0) close()
      }
    },
    close,
  }
}
