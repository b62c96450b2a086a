import { chmodSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { runTool } from '../checks/run-tool.ts'
import { root } from '../setup.mjs'
import { buildBrowser } from './build-browser.ts'
import { buildMiniprogram } from './build-miniprogram.ts'
import { bundleServer } from './bundle-server.ts'

/** What runs in Node, compiled file by file; as folders from the root. */
export const nodePackages = ['packages/emulator', 'packages/server']
/** What runs in mini programs, bundled. */
export const miniprogramPackage = 'packages/miniprogram'
/** The packages that users install. */
export const packages = [...nodePackages, miniprogramPackage]

const notShipped = new Set(['fixtures', 'test-support', 'testing'])
// What the compiled code reads at run time beside itself.
const assets = /\.(sql|json|html|css|js|svg)$/

/** Compiles a package into its dist/, from nothing, with the files its code reads beside it. */
export function buildPackage(folder: string): void {
  if (folder === miniprogramPackage) buildMiniprogram(folder)
  else buildNodePackage(folder)
}

function buildNodePackage(folder: string): void {
  const dist = join(root, folder, 'dist')
  rmSync(dist, { recursive: true, force: true })
  runTool('typescript/bin/tsc', '-p', `${folder}/tsconfig.build.json`)
  copyAssets(join(root, folder, 'src'), dist)
  if (folder === 'packages/emulator') buildBrowser({ hasMaps: false })
  if (folder === 'packages/server') bundleServer(folder)
  for (const bin of Object.values(binOf(folder))) makeExecutable(join(root, folder, bin))
}

function copyAssets(from: string, to: string): void {
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const source = join(from, entry.name)
    const target = join(to, entry.name)
    if (entry.isDirectory() && !notShipped.has(entry.name)) copyAssets(source, target)
    if (!entry.isFile() || !assets.test(entry.name)) continue
    mkdirSync(dirname(target), { recursive: true })
    cpSync(source, target)
  }
}

function binOf(folder: string): Record<string, string> {
  const { bin } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'))
  return bin ?? {}
}

function makeExecutable(file: string): void {
  if (!existsSync(file))
    throw new Error(`${file} is named as a command in package.json, and the build made no such file`)
  if (!readFileSync(file, 'utf8').startsWith('#!'))
    throw new Error(`${file} is a command: begin it with #!/usr/bin/env node`)
  chmodSync(file, 0o755)
}
