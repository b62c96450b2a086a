import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import test, { after, before, describe } from 'node:test'
import { createWx, DEMO_APP, startEmulator } from '@yaopai/wechat-emulator'
import { createMemoryStore, newMasterKey, startYaopai } from 'yaopai'
import { makeUserFolder, type UserFolder } from '../../tests/package/user-folder.ts'
import { buildPackage, miniprogramPackage } from '../package/build-package.ts'
import { packPackage } from '../package/stage-package.ts'
import { root } from '../setup.mjs'
import { runMiniprogram } from './run-miniprogram.ts'

import './example.test.ts'

const here = import.meta.dirname
const packed = join('miniprogram_npm', '@yaopai', 'miniprogram')

describe("the client, built by WeChat's own builder", () => {
  const elsewhere = mkdtempSync(join(tmpdir(), 'yaopai-devtools-'))
  let user: UserFolder

  before(() => {
    buildPackage(miniprogramPackage)
    user = makeUserFolder()
    cpSync(join(here, 'miniprogram'), user.path, { recursive: true })
    user.install(packPackage(miniprogramPackage, elsewhere))
  })

  after(async () => {
    await user.remove()
    rmSync(elsewhere, { recursive: true, force: true })
  })

  test('[F57] is one file, as it was in the package, both ways of building, with nothing to warn about', () => {
    const args = [join(here, 'build-npm.cjs'), user.path, elsewhere]
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' })
    assert.equal(status, 0, stdout + stderr)
    assert.deepEqual(JSON.parse(stdout.trim().split('\n').at(-1) ?? ''), {
      warnings: [],
      built: [1],
      manual: { miniProgramPackNum: 1, otherNpmPackNum: 0, warnList: [] },
    })
    const asPacked = readFileSync(join(root, miniprogramPackage, 'miniprogram_dist', 'index.js'), 'utf8')
    for (const folder of [user.path, elsewhere]) {
      assert.deepEqual(readdirSync(join(folder, packed)), ['index.js'])
      assert.equal(readFileSync(join(folder, packed, 'index.js'), 'utf8'), asPacked)
    }
  })

  test('[F57] logs in from what the builder made', async () => {
    await using emulator = await startEmulator()
    const secret = randomBytes(16).toString('hex')
    emulator.putApp(DEMO_APP.appid, { secret })
    await using yaopai = await startYaopai({
      apps: [{ appid: DEMO_APP.appid, secret }],
      masterKey: newMasterKey('k1'),
      store: createMemoryStore(),
      wechatApiBase: emulator.url,
      insecureEmulator: true,
      port: 0,
      internalPort: 0,
    })
    const config = `module.exports = { baseUrl: '${yaopai.publicUrl}' }\n`
    writeFileSync(join(user.path, 'config.js'), config)
    const wx = createWx({ emulator, appid: DEMO_APP.appid, user: 'alice' })

    const page = await runMiniprogram(user.path, wx, 'pages/index/index')
    assert.match(String(page['id']), /^usr_/)
    assert.equal(emulator.calls().length, 1)
  })
})
