import { type Build, createCompiler } from './compile.ts'
import { createFolderReader, type Folder } from './folder.ts'

/** The builds of one folder, in their order. */
export interface Builder {
  /** Reads the folder and compiles it where it is not what the newest build was made of. */
  build(): Promise<Build>
  /** Reads the folder and compiles it where it changed and then held still since the last look. */
  look(): Promise<void>
  /** A build by its number; the last few are kept, for phones that are still loading them. */
  find(number: number): Build | undefined
  folder(): Folder | undefined
}

const KEPT = 3
/** So often a folder that never holds still is looked at before it is compiled as it is. */
const PATIENCE = 10

/** Runs one piece of work after the other. */
function createQueue(): <T>(work: () => Promise<T>) => Promise<T> {
  let turn: Promise<unknown> = Promise.resolve()
  return (work) => {
    const result = turn.then(work)
    turn = result.catch(() => {})
    return result
  }
}

export function createBuilder(dir: string, onBuild: (build: Build) => void): Builder {
  const reader = createFolderReader(dir)
  const compiler = createCompiler()
  const builds: Build[] = []
  let compiled: Folder | undefined
  let seen: Folder | undefined
  let restless = 0
  const inTurn = createQueue()

  async function compile(folder: Folder): Promise<Build> {
    const newest = builds.at(-1)
    restless = 0
    if (newest && folder === compiled) return newest
    const build = await compiler.compile(folder, (newest?.program.build ?? 0) + 1)
    compiled = folder
    builds.push(build)
    if (builds.length > KEPT) builds.shift()
    onBuild(build)
    return build
  }

  async function lookOnce(): Promise<void> {
    const folder = await reader.read()
    const isStill = folder === seen
    seen = folder
    restless += 1
    if (folder !== compiled && (isStill || restless > PATIENCE)) await compile(folder)
    else if (isStill) restless = 0
  }

  return {
    build: () => inTurn(async () => compile(await reader.read())),
    look: () => inTurn(lookOnce),
    find: (number) => builds.find(({ program }) => program.build === number),
    folder: () => compiled,
  }
}
