import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import process from 'node:process'
import { test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { needs } from '../../tools/needs.ts'
import { login, statusOf, tokenOf } from './support/client.ts'
import { createRig } from './support/rig.ts'

const plant = pathToFileURL(join(import.meta.dirname, 'support', 'plant.mjs')).href
const posix = process.platform === 'win32' ? { skip: 'needs signals' } : {}

test(
  '[R33] an error that nobody caught is logged; requests under way are answered, and the process ends with 1',
  posix,
  async (t) => {
    const rig = await createRig(t)
    const server = await rig.serve({ NODE_OPTIONS: `--import=${plant}` })
    const token = await tokenOf(server.publicUrl, rig.code())
    rig.emulator.addFault({ path: '/sns/jscode2session', delayMs: 400 })
    const underWay = login(server.publicUrl, rig.code('bob'))
    while (rig.emulator.calls().length < 2) await new Promise((resolve) => setTimeout(resolve, 10))
    server.signal('SIGUSR2')
    const answer = await underWay
    assert.equal(answer.status, 200, answer.text)
    const { exitCode, stdout } = await server.ended
    assert.equal(exitCode, 1)
    const line = JSON.parse(
      stdout.split('\n').find((text) => text.includes('process.unhandledRejection')) ?? '{}',
    )
    assert.equal(line.level, 'error')
    assert.match(line.message, /^planted, with Bearer \[redacted\]/)
    const again = await rig.serve()
    assert.equal(await statusOf(again.publicUrl, token), 200)
    assert.equal(await statusOf(again.publicUrl, String(answer.body['token'])), 200)
  },
)

test(
  '[R05] a disk that refuses to keep a write ends the server with 70; no login is acknowledged after it',
  needs('strace'),
  async (t) => {
    const rig = await createRig(t)
    const server = await rig.serve()
    const token = await tokenOf(server.publicUrl, rig.code())
    const inject = ['-e', 'trace=fsync,fdatasync', '-e', 'inject=fsync,fdatasync:error=EIO']
    const strace = spawn('strace', ['-f', '-o', '/dev/null', ...inject, '-p', String(server.pid)])
    t.after(() => strace.kill('SIGKILL'))
    await once(strace.stderr, 'data')
    const answer = await login(server.publicUrl, rig.code('bob')).catch(() => null)
    assert.notEqual(answer?.status, 200)
    const { exitCode, stdout, stderr } = await server.ended
    assert.equal(exitCode, 70, stderr)
    assert.match(stdout, /"event":"store.fatal"/)
    assert.match(stderr, /could not keep a write .*check the disk, then start again/)
    const again = await rig.serve()
    assert.equal(await statusOf(again.publicUrl, token), 200)
  },
)
