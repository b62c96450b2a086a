import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'
import { bundleForWeChat } from '../package/build-miniprogram.ts'
import { miniprogramPackage } from '../package/build-package.ts'
import { root } from '../setup.mjs'
import { installClient } from './install-client.ts'

/** What a mini program calls. */
export interface Addresses {
  /** The back end. */
  readonly shopUrl: string
  /** Yaopai's public listener. */
  readonly yaopaiUrl: string
}

const builds = join(root, '.cache', 'frameworks')

/** Builds a mini program that calls the given addresses. Returns the folder of the result. */
export type Build = (addresses: Addresses) => string

export const buildTaro: Build = ({ shopUrl, yaopaiUrl }) => {
  const to = emptied('taro')
  const at = join(root, 'tools', 'frameworks', 'taro')
  installClient(at)
  const env = { NODE_ENV: 'production', SHOP_URL: shopUrl, YAOPAI_URL: yaopaiUrl, TARO_OUTPUT: to }
  runNode(at, ['node_modules/@tarojs/cli/bin/taro', 'build', '--type', 'weapp'], env)
  return to
}

export const buildUniApp: Build = ({ shopUrl, yaopaiUrl }) => {
  const to = emptied('uni-app')
  const at = join(root, 'tools', 'frameworks', 'uni-app')
  installClient(at)
  const env = { VITE_SHOP_URL: shopUrl, VITE_YAOPAI_URL: yaopaiUrl, UNI_OUTPUT_DIR: to }
  runNode(at, ['node_modules/@dcloudio/vite-plugin-uni/bin/uni.js', 'build', '-p', 'mp-weixin'], env)
  return to
}

/** The example, compiled as for an upload by WeChat's own compiler. */
export const buildExample: Build = ({ shopUrl, yaopaiUrl }) => {
  const to = emptied('example')
  const project = emptied('example-source')
  cpSync(join(root, 'examples', 'miniprogram'), project, { recursive: true })
  const source = join(project, 'miniprogram')
  bundleForWeChat(miniprogramPackage, join(source, 'miniprogram_npm', '@yaopai', 'miniprogram', 'index.js'))
  const config = { baseUrl: shopUrl, authUrl: yaopaiUrl }
  writeFileSync(join(source, 'config.js'), `module.exports = ${JSON.stringify(config)}\n`)
  runNode(root, ['tools/devtools/compile-project.cjs', project, `${to}.zip`, to], {})
  return to
}

function emptied(name: string): string {
  const folder = join(builds, name)
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  return folder
}

/** Builders keep notes in the home folder; they get one of their own. */
function runNode(cwd: string, args: string[], more: Record<string, string>): void {
  const home = join(builds, 'home')
  mkdirSync(home, { recursive: true })
  const env = { ...process.env, HOME: home, USERPROFILE: home, ...more }
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd, env, encoding: 'utf8' })
  if (status !== 0) throw new Error(`${args.join(' ')} ended with ${status}:\n${stdout}${stderr}`)
}
