import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { type BuildOptions, buildSync } from 'esbuild'
import { type CompressOptions, minify_sync } from 'terser'
import { runTool } from '../checks/run-tool.ts'
import { root } from '../setup.mjs'
import { functionsToArrows, withoutNeedlessCalls } from './arrows.ts'

const examplePackages = join(root, 'examples/miniprogram/miniprogram/miniprogram_npm')

/** Where 构建 npm of WeChat DevTools puts the client in the example. */
export const clientInExample = join(examplePackages, '@yaopai/miniprogram/index.js')

/**
 * Builds the client, from nothing: `dist/index.js` (CommonJS) and `dist/index.mjs` for bundlers, with one declaration
 * file that stands alone; `miniprogram_dist/index.js`, minified, for WeChat DevTools, which copies that folder as it
 * is. All in ES2015, the language of base library 2.10.
 */
export function buildMiniprogram(folder: string): void {
  bundleMiniprogram(folder)
  declare(folder, join(root, folder, 'dist', 'index.d.ts'))
}

/** The same without the declarations, which take their time; also into a folder elsewhere. */
export function bundleMiniprogram(folder: string, to = join(root, folder)): void {
  const source = join(root, folder, 'src')
  const at = (...path: string[]) => join(to, ...path)
  for (const made of ['dist', 'miniprogram_dist']) rmSync(at(made), { recursive: true, force: true })
  bundle({ ...commonJs(source), outfile: at('dist/index.js') })
  bundleForWeChat(folder, at('miniprogram_dist/index.js'))
  bundle({ entryPoints: [join(source, 'index.ts')], format: 'esm', outfile: at('dist/index.mjs') })
}

/**
 * The same client as one readable file with its own lines, for the phone in the browser. A file that is so already is not
 * touched, for a phone that runs looks for changes.
 */
export function bundleForReaders(folder: string, outfile: string): void {
  const { outputFiles } = buildSync({
    ...shared,
    ...commonJs(join(root, folder, 'src')),
    outfile,
    write: false,
  })
  const [made] = outputFiles ?? []
  if (made === undefined) throw new Error('esbuild made nothing')
  if (existsSync(outfile) && readFileSync(outfile, 'utf8') === made.text) return
  mkdirSync(dirname(outfile), { recursive: true })
  writeFileSync(outfile, made.text)
}

/** The one minified file that a mini program carries. */
export function bundleForWeChat(folder: string, outfile: string): void {
  // Without "use strict": what is here means the same without it.
  const options = { ...commonJs(join(root, folder, 'src')), banner: {} }
  bundle({ ...options, minifySyntax: true, mangleProps: inside, outfile })
  writeFileSync(outfile, shortened(readFileSync(outfile, 'utf8')))
}

/** Functions that are called once go where they are called, what is left becomes arrows, and then all names go. */
function shortened(script: string): string {
  const options = { ecma: 2015, toplevel: true, compress } as const
  const { code: inlined = '' } = minify_sync(script, { ...options, mangle: false })
  return String(minify_sync(withoutNeedlessCalls(functionsToArrows(inlined)), options).code)
}

/** No function here is asked for its prototype or its length, and no member that is read does anything. */
const compress: CompressOptions = { passes: 3, pure_getters: true, unsafe_arrows: true }

/**
 * The members of the record in Storage, and the names they have there: the same in every build, and the same for ever,
 * since the next version has to read what this one wrote.
 */
const stored = {
  rev: 'r',
  current: 't',
  next: 'n',
  out: 'o',
  installId: 'i',
  renewAtMs: 'd',
  renewEveryMs: 'v',
  endsAtMs: 'e',
}

/** Members that no other code reads: not WeChat's, not the app's, not the server's, and in no record of Storage. */
const ours = [
  ...[
    'atMs',
    'base',
    'body',
    'busy',
    'entry',
    'failedAtMs',
    'failure',
    'hold',
    'kept',
    'keyChecked',
    'listeners',
  ],
  ...['loginsAtMs', 'origins', 'readAtMs', 'renewal', 'renewalAtMs', 'server', 'settings', 'wx'],
]

/** What is shortened where the client is minified. */
export const inside = wordsOf([...ours, ...Object.keys(stored)])

function wordsOf(names: readonly string[]): RegExp {
  return new RegExp(`^(${names.join('|')})$`)
}

const shared = {
  bundle: true,
  target: 'es2015',
  platform: 'neutral',
  charset: 'utf8',
  legalComments: 'none',
  logLevel: 'error',
  mangleProps: wordsOf(Object.keys(stored)),
  mangleCache: stored,
} as const satisfies BuildOptions

function bundle(options: BuildOptions): void {
  buildSync({ ...shared, ...options })
}

// Assigned to by hand, `module.exports` is half a kilobyte smaller than what esbuild would write, and Node finds the
// names in it for `import`.
function commonJs(resolveDir: string): BuildOptions {
  const contents =
    "import { createYaopai, YaopaiError } from './index.ts'\nmodule.exports = { createYaopai, YaopaiError }"
  return {
    stdin: { contents, resolveDir, sourcefile: 'entry.mjs' },
    format: 'esm',
    banner: { js: '"use strict";' },
    logOverride: { 'commonjs-variable-in-esm': 'silent' },
  }
}

function declare(folder: string, outFile: string): void {
  runTool(
    'dts-bundle-generator/dist/bin/dts-bundle-generator.js',
    '--silent',
    '--no-banner',
    '--export-referenced-types=false',
    `--project=${folder}/tsconfig.json`,
    `--out-file=${outFile}`,
    `${folder}/src/index.ts`,
  )
}
