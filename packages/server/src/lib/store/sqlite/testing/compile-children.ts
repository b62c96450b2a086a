import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import ts from 'typescript'

const LIB = fileURLToPath(new URL('../../../', import.meta.url))
const NODE_MODULES = fileURLToPath(new URL('../../../../../../../node_modules', import.meta.url))

interface CompiledChildren {
  /** Path of a module of this folder, ready for a bare Node. */
  path(name: string): string
  /** What the writer thread runs. */
  readonly threadEntry: URL
  remove(): void
}

/** Compiles the store once: a process that is started a hundred times must not compile it each time. */
export function compileChildren(): CompiledChildren {
  const folder = mkdtempSync(join(tmpdir(), 'yaopai-children-'))
  symlinkSync(NODE_MODULES, join(folder, 'node_modules'), 'junction')
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
  for (const name of sources()) {
    const target = join(folder, name.replace(/\.ts$/, '.js'))
    mkdirSync(dirname(target), { recursive: true })
    writeFileSync(target, compile(readFileSync(join(LIB, name), 'utf8')))
  }
  const migrations = 'store/sqlite/migrations'
  cpSync(join(LIB, migrations), join(folder, migrations), { recursive: true })
  return {
    path: (name) => join(folder, 'store/sqlite/testing', name.replace(/\.ts$/, '.js')),
    threadEntry: pathToFileURL(join(folder, 'store/sqlite/writer-thread.js')),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}

function sources(): string[] {
  return readdirSync(LIB, { recursive: true, encoding: 'utf8' })
    .map((name) => name.replaceAll('\\', '/'))
    .filter((name) => !name.endsWith('.test.ts'))
    .filter((name) => /^(store\/.*|[a-z-]+)\.ts$/.test(name))
}

function compile(source: string): string {
  const { outputText } = ts.transpileModule(source, {
    compilerOptions: {
      target: ts.ScriptTarget.ES2023,
      module: ts.ModuleKind.ESNext,
      verbatimModuleSyntax: true,
      rewriteRelativeImportExtensions: true,
    },
  })
  return outputText
}
