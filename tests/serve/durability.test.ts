import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { login, statusOf, tokenOf } from './support/client.ts'
import { createRig, type Rig } from './support/rig.ts'

const LOGINS = 100

/** Tokens of the logins that were answered with 200; the others were cut off. */
interface Storm {
  readonly acknowledged: string[]
  /** Any other answer than 200 or none at all. */
  readonly refused: string[]
  readonly done: Promise<void>
}

function storm(rig: Rig, publicUrl: string): Storm {
  const acknowledged: string[] = []
  const refused: string[] = []
  const one = async (user: string) => {
    const answer = await login(publicUrl, rig.code(user)).catch(() => null)
    if (answer === null) return
    if (answer.status === 200) acknowledged.push(String(answer.body['token']))
    else refused.push(`${answer.status} ${answer.text}`)
  }
  const all = Array.from({ length: LOGINS }, (_, index) => one(`user-${index % 60}`))
  return { acknowledged, refused, done: Promise.all(all).then(() => undefined) }
}

async function whenAcknowledged({ acknowledged }: Storm, count: number): Promise<void> {
  for (let turn = 0; turn < 5_000 && acknowledged.length < count; turn += 1) await sleep(2)
}

async function deadOf(publicUrl: string, tokens: readonly string[]): Promise<string[]> {
  const statuses = await Promise.all(tokens.map((token) => statusOf(publicUrl, token)))
  return tokens.filter((_, index) => statuses[index] !== 200)
}

async function allowManySessions(rig: Rig): Promise<void> {
  const app = {
    appid: rig.env['WECHAT_APPID'],
    secret: { env: 'WECHAT_SECRET' },
    policy: { maxSessions: 1000 },
  }
  await writeFile(join(rig.folder, 'yaopai.config.json'), JSON.stringify({ apps: [app] }))
}

test('[R01] kill -9 in the middle of a hundred logins: every login that was answered still works', async (t) => {
  const rig = await createRig(t)
  await allowManySessions(rig)
  for (const killAfter of [1, 40]) {
    const server = await rig.serve()
    const logins = storm(rig, server.publicUrl)
    await whenAcknowledged(logins, killAfter)
    const { signal } = await server.kill()
    await logins.done
    assert.equal(signal, 'SIGKILL')
    assert.ok(logins.acknowledged.length >= killAfter)
    const again = await rig.serve()
    assert.deepEqual(await deadOf(again.publicUrl, logins.acknowledged), [])
    assert.equal(await statusOf(again.publicUrl, await tokenOf(again.publicUrl, rig.code('late'))), 200)
    t.diagnostic(`${logins.acknowledged.length} of ${LOGINS} were answered before the kill`)
    await again.stop()
  }
})

test('[R24] SIGTERM under load: what is under way is answered, nothing acknowledged is lost, exit 0', async (t) => {
  const rig = await createRig(t)
  await allowManySessions(rig)
  const server = await rig.serve()
  const logins = storm(rig, server.publicUrl)
  await whenAcknowledged(logins, 10)
  const { exitCode, stdout } = await server.stop()
  await logins.done
  assert.equal(exitCode, 0, stdout)
  assert.deepEqual(logins.refused, [])
  const again = await rig.serve()
  assert.deepEqual(await deadOf(again.publicUrl, logins.acknowledged), [])
  t.diagnostic(`${logins.acknowledged.length} of ${LOGINS} were answered`)
})
