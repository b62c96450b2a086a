import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { buildSync } from 'esbuild'
import { root } from '../setup.mjs'

/** What a start on SQLite does not need, what has a binary, and what users bring themselves stays a package. */
const STAYS = [
  '@photostructure/sqlite',
  '@yaopai/wechat-emulator',
  'ioredis',
  'jose',
  'mysql2',
  'pg',
  'pg-native',
]
const REQUIRE =
  "import{createRequire as makeRequire}from'node:module';const require=makeRequire(import.meta.url);"
/** Below dist/, where the bundle's parts lie side by side. */
const PARTS = 'bundle'

/** The module of the thread that writes, in `src` and `dist`. */
const WRITER = 'lib/store/sqlite/writer-thread'

/**
 * Puts the command and what it loads into few files: a start then opens a dozen instead of four hundred. The library's
 * entries stay as they were compiled. What is loaded by `import()` stays a part of its own and is read when it is
 * needed. The thread that writes gets a file of its own, with nothing in it that only the serving thread needs.
 */
export function bundleServer(folder: string): void {
  const dist = join(root, folder, 'dist')
  const command = bundle(dist, { in: join(root, folder, 'src/cli.ts'), out: 'cli' }, true)
  const thread = { in: join(root, folder, 'src', `${WRITER}.ts`), out: `${PARTS}/writer-thread` }
  const inputs = [...command, ...bundle(dist, thread, false)]
  const up = '../'.repeat(WRITER.split('/').length - 1)
  writeFileSync(join(dist, `${WRITER}.js`), `import '${up}${thread.out}.js'\n`)
  writeFileSync(join(dist, PARTS, 'THIRD-PARTY-LICENSES.txt'), licencesOf(inputs))
}

/** @returns the files that are in it */
function bundle(outdir: string, entry: { readonly in: string; readonly out: string }, splitting: boolean) {
  const { metafile } = buildSync({
    absWorkingDir: root,
    entryPoints: [entry],
    outdir,
    chunkNames: `${PARTS}/[name]-[hash]`,
    bundle: true,
    splitting,
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    external: STAYS,
    alias: { 'rate-limiter-flexible': join(root, 'tools/package/limiters.mjs') },
    conditions: ['yaopai-source'],
    define: { 'import.meta.url': 'ownUrl' },
    // Packages in CommonJS ask Node for its own modules by it.
    banner: { js: REQUIRE },
    inject: [join(root, 'tools/package/own-url.mjs')],
    minifySyntax: true,
    minifyWhitespace: true,
    legalComments: 'none',
    logLevel: 'warning',
    metafile: true,
  })
  return Object.keys(metafile.inputs)
}

/** Of every package a part of which is in the bundle. */
function licencesOf(inputs: readonly string[]): string {
  const folders = new Set(
    inputs.flatMap((input) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input)?.[0] ?? []),
  )
  return [...folders].sort().map(licenceOf).join('\n')
}

function licenceOf(folder: string): string {
  const at = join(root, folder)
  const { name, version, license } = JSON.parse(readFileSync(join(at, 'package.json'), 'utf8'))
  const file = readdirSync(at).find((entry) => /^licen[cs]e/i.test(entry))
  const text = file === undefined || !existsSync(join(at, file)) ? '' : readFileSync(join(at, file), 'utf8')
  return `${name} ${version} (${license})\n${'-'.repeat(40)}\n${text.trim()}\n`
}
