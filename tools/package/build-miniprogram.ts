import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type BuildOptions, buildSync } from 'esbuild'
import { minify_sync } from 'terser'
import { runTool } from '../checks/run-tool.ts'
import { root } from '../setup.mjs'
import { functionsToArrows } from './arrows.ts'

/**
 * Builds the client, from nothing: `dist/index.js` (CommonJS) and `dist/index.mjs` for bundlers, with one declaration
 * file that stands alone; `miniprogram_dist/index.js`, minified, for WeChat DevTools, which copies that folder as it
 * is. All in ES2015, the language of base library 2.10.
 */
export function buildMiniprogram(folder: string): void {
  const at = (...path: string[]) => join(root, folder, ...path)
  for (const made of ['dist', 'miniprogram_dist']) rmSync(at(made), { recursive: true, force: true })
  bundle({ ...commonJs(at('src')), outfile: at('dist/index.js') })
  bundle({
    ...commonJs(at('src')),
    minifySyntax: true,
    ...shortened,
    outfile: at('miniprogram_dist/index.js'),
  })
  shorten(at('miniprogram_dist/index.js'))
  bundle({ entryPoints: [at('src/index.ts')], format: 'esm', outfile: at('dist/index.mjs') })
  declare(folder, at('dist/index.d.ts'))
}

/**
 * The members of the record in Storage, by the names they have there. These never change, since the next version has
 * to read what this one wrote.
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

/**
 * Members that no other code reads: not WeChat's, not the app's, not the server's, and in no record of Storage.
 * Shortened, they are a twentieth of the file.
 */
const inside = [
  ...['admittedAtMs', 'atMs', 'busy', 'failedAtMs', 'failure', 'hold', 'kept', 'keyChecked', 'listeners'],
  ...['origins', 'readAtMs', 'renewal', 'renewalAtMs', 'settings', 'body', 'wx', 'base', 'server', 'entry'],
]

const shortened: BuildOptions = {
  mangleProps: new RegExp(`^(${[...inside, ...Object.keys(stored)].join('|')})$`),
  mangleCache: stored,
}

function shorten(file: string): void {
  const { code } = minify_sync(functionsToArrows(readFileSync(file, 'utf8')), {
    ecma: 2015,
    toplevel: true,
    compress: { passes: 3, pure_getters: true, unsafe_arrows: true, keep_fargs: false },
    format: { ascii_only: false },
  })
  writeFileSync(file, String(code))
}

function bundle(options: BuildOptions): void {
  buildSync({
    bundle: true,
    target: 'es2015',
    platform: 'neutral',
    charset: 'utf8',
    legalComments: 'none',
    logLevel: 'error',
    ...options,
  })
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
