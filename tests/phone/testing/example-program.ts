import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { bundleForWeChat } from '../../../tools/package/build-miniprogram.ts'
import { miniprogramPackage } from '../../../tools/package/build-package.ts'
import { root } from '../../../tools/setup.mjs'

export interface ExampleProgram {
  /** A copy of examples/miniprogram/miniprogram, with the client in its miniprogram_npm. */
  dir: string
  /** Which servers it talks to; before it is opened. */
  pointAt(servers: { baseUrl: string; authUrl: string }): Promise<void>
  remove(): Promise<void>
}

/** The example as DevTools has it once npm is built. */
export async function copyExample(): Promise<ExampleProgram> {
  const dir = await mkdtemp(join(tmpdir(), 'yaopai-phone-'))
  await cp(join(root, 'examples/miniprogram/miniprogram'), dir, {
    recursive: true,
    filter: (source) => !/node_modules|miniprogram_npm/.test(source.slice(root.length)),
  })
  const client = join(dir, 'miniprogram_npm/@yaopai/miniprogram')
  await mkdir(client, { recursive: true })
  bundleForWeChat(miniprogramPackage, join(client, 'index.js'))
  return {
    dir,
    pointAt: (servers) => writeFile(join(dir, 'config.js'), `module.exports = ${JSON.stringify(servers)}\n`),
    remove: () => rm(dir, { recursive: true, force: true }),
  }
}
