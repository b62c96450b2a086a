import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { type BuildOptions, buildSync } from 'esbuild'
import { runTool } from '../checks/run-tool.ts'
import { root } from '../setup.mjs'

/**
 * Builds the client, from nothing: `dist/index.js` (CommonJS) and `dist/index.mjs` for bundlers, with one declaration
 * file that stands alone; `miniprogram_dist/index.js`, minified, for WeChat DevTools, which copies that folder as it
 * is. All in ES2015, the language of base library 2.10.
 */
export function buildMiniprogram(folder: string): void {
  const at = (...path: string[]) => join(root, folder, ...path)
  for (const made of ['dist', 'miniprogram_dist']) rmSync(at(made), { recursive: true, force: true })
  const entryPoints = [at('src/index.ts')]
  bundle({ entryPoints, format: 'cjs', outfile: at('dist/index.js') })
  bundle({ entryPoints, format: 'esm', outfile: at('dist/index.mjs') })
  bundle({ ...bareCommonJs(at('src')), minify: true, outfile: at('miniprogram_dist/index.js') })
  declare(folder, at('dist/index.d.ts'))
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

// A mini program's module is a function of `module` and `exports`. Assigning to them by hand saves the half kilobyte
// with which esbuild makes CommonJS look like an ES module to Node.
function bareCommonJs(resolveDir: string): BuildOptions {
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
