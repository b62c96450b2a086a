import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import process from 'node:process'
import { pathToFileURL } from 'node:url'
import { build, type Plugin } from 'esbuild'
import { sourceFlags } from '../launch.mjs'
import { root } from '../setup.mjs'

const SOURCES = {
  yaopai: 'packages/server/src/cli.ts',
  demo: 'tools/demo.ts',
}

export type Program = keyof typeof SOURCES

/** Where the runner has them, for the test files that it starts. */
const FOLDER_VARIABLE = 'YAOPAI_TEST_PROGRAMS'

const NODE_FLAGS = ['--enable-source-maps', '--conditions=yaopai-source']

/**
 * Node's arguments that start one of our programs as its source is now. Tests start hundreds, and each would compile
 * some 250 files; so they are bundled once by the runner, or by a test file that runs without it.
 */
export async function programArgs(name: Program): Promise<string[]> {
  process.env[FOLDER_VARIABLE] ??= await bundlePrograms()
  return [...NODE_FLAGS, join(process.env[FOLDER_VARIABLE], `${name}.mjs`)]
}

/**
 * Bundles the programs and these test files (paths from the root) into a folder that goes with this process, and
 * leaves it to the processes started from here.
 * @throws {Error} that names file and line where one is no TypeScript or imports what is not there
 */
export async function bundleAll(testFiles: readonly string[]): Promise<void> {
  const tests = testFiles.map((file) => [file.replace(/\.ts$/, ''), file])
  const folder = await bundlePrograms()
  await bundle(folder, Object.fromEntries(tests))
  process.env[FOLDER_VARIABLE] = folder
}

/** Node's arguments that run a test file: of the bundle, or else from source. */
export function testFileArgs(file: string): string[] {
  const folder = process.env[FOLDER_VARIABLE]
  const bundled = folder && join(folder, file.replace(/\.ts$/, '.mjs'))
  return bundled && existsSync(bundled) ? [...NODE_FLAGS, bundled] : [...sourceFlags, join(root, file)]
}

/** By themselves, since what many share comes in many parts, and a server opens its own all at once. */
async function bundlePrograms(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'yaopai-programs-'))
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  // For what is resolved at run time.
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'), 'junction')
  await bundle(folder, SOURCES)
  return folder
}

async function bundle(folder: string, entryPoints: Readonly<Record<string, string>>): Promise<void> {
  await build({
    absWorkingDir: root,
    entryPoints,
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    chunkNames: 'parts/[name]-[hash]',
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    conditions: ['yaopai-source'],
    define: {
      'import.meta.url': 'ownUrl',
      'import.meta.dirname': 'ownFolder',
      'import.meta.filename': 'ownFile',
    },
    sourcemap: 'linked',
    plugins: [packagesStay, modulesKnowTheirSource],
    logLevel: 'silent',
  })
}

/**
 * What others wrote is loaded from where the source would find it; of ours, one package sees another as source. All
 * files of a package are opened at once, so zod with its hundred goes in: some tests leave a server few descriptors.
 */
const packagesStay: Plugin = {
  name: 'packages-stay',
  setup({ onResolve, resolve }) {
    onResolve({ filter: /^[^./]/ }, async ({ path, pluginData, ...from }) => {
      if (from.kind === 'entry-point' || pluginData === ASKED) return undefined
      const found = await resolve(path, { ...from, pluginData: ASKED })
      if (found.external || found.errors.length > 0) return { path, external: true }
      if (!/node_modules.(?!zod.)/.test(found.path)) return { path: found.path }
      return { path: pathToFileURL(found.path).href, external: true }
    })
  },
}
const ASKED = Symbol('asked')

/** Migrations, pages and samples are read from beside the source. */
const modulesKnowTheirSource: Plugin = {
  name: 'modules-know-their-source',
  setup({ onLoad }) {
    onLoad({ filter: /\.(ts|mjs)$/ }, ({ path }) => {
      const text = readFileSync(path, 'utf8')
      if (!text.includes('import.meta.')) return undefined
      // On the first line, so that the lines keep their numbers.
      const known = { ownUrl: pathToFileURL(path).href, ownFolder: dirname(path), ownFile: path }
      const contents = `const {ownUrl,ownFolder,ownFile}=${JSON.stringify(known)};${text}`
      return { contents, loader: path.endsWith('.ts') ? 'ts' : 'js' }
    })
  },
}
