import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Answer, call, statusOf, tokenOf } from './support/client.ts'
import { createRig } from './support/rig.ts'

const PHONES = 20

/** What a phone has in its storage: the token it uses, and the next one once an answer brought it. */
interface Phone {
  readonly isWalker: boolean
  token: string
  next: string | null
  /** What went against the promise, if anything did. */
  fault: string | null
}

function renew(publicUrl: string, token: string): Promise<Answer> {
  return call('POST', `${publicUrl}/session/renew`, { token })
}

/** An answer, or null where the server died over it. */
async function orLost(asked: Promise<Answer>): Promise<Answer | null> {
  return asked.catch(() => null)
}

/** Asks for the next token; the answer has to be the one of before. False: the answer was lost. */
async function ask(phone: Phone, publicUrl: string): Promise<boolean> {
  const answer = await orLost(renew(publicUrl, phone.token))
  if (answer === null) return false
  const token = String(answer.body['token'])
  if (answer.status !== 200) phone.fault ??= `a renewal was answered ${answer.status}: ${answer.text}`
  else if (phone.next !== null && phone.next !== token)
    phone.fault ??= 'a renewal gave another token than before'
  else phone.next = token
  return true
}

/** Uses the next token, which makes it the one of now. False: the answer was lost. */
async function step(phone: Phone, publicUrl: string): Promise<boolean> {
  const { next } = phone
  if (next === null) return false
  const answer = await orLost(call('GET', `${publicUrl}/session`, { token: next }))
  if (answer === null) return false
  if (answer.status !== 200) phone.fault ??= `a new token was answered ${answer.status}: ${answer.text}`
  phone.token = next
  phone.next = null
  return true
}

/** Until the server dies: walkers renew and use in turn, the others ask for one and the same token again and again. */
async function live(phone: Phone, publicUrl: string, onAnswer: () => void): Promise<void> {
  while (phone.fault === null) {
    if (!(await ask(phone, publicUrl))) return
    onAnswer()
    if (phone.isWalker && !(await step(phone, publicUrl))) return
  }
}

test('[F21][R01] kill -9 among renewals and first uses: the same token comes again, and every line goes on', async (t) => {
  const rig = await createRig(t)
  let server = await rig.serve()
  const tokens = await Promise.all(
    Array.from({ length: PHONES }, (_, n) => tokenOf(server.publicUrl, rig.code(`phone-${n}`))),
  )
  const phones = tokens.map((token, n): Phone => ({ isWalker: n % 4 !== 0, token, next: null, fault: null }))
  for (const killAfter of [1, 30, 100]) {
    const { publicUrl } = server
    let answers = 0
    let lives: Promise<void>[] = []
    const enough = new Promise<void>((resolve) => {
      const onAnswer = () => {
        answers += 1
        if (answers === killAfter) resolve()
      }
      lives = phones.map((phone) => live(phone, publicUrl, onAnswer))
    })
    await Promise.race([enough, Promise.all(lives)])
    const { signal } = await server.kill()
    await Promise.all(lives)
    assert.equal(signal, 'SIGKILL')
    assert.ok(answers >= killAfter)
    server = await rig.serve()
    for (const phone of phones) {
      // The token that an answer brought is good whether or not its first use was under way at the kill.
      if (phone.isWalker && phone.next !== null) await step(phone, server.publicUrl)
      else await ask(phone, server.publicUrl)
      assert.equal(phone.fault, null)
    }
    t.diagnostic(`${answers} renewals were answered before the kill`)
  }
  for (const phone of phones) {
    assert.equal(await statusOf(server.publicUrl, phone.token), 200)
    assert.ok(await ask(phone, server.publicUrl))
    assert.equal(phone.fault, null)
  }
  const others = phones.filter(({ isWalker }) => !isWalker)
  assert.deepEqual(
    others.map(({ token }) => token),
    tokens.filter((_, n) => n % 4 === 0),
  )
})
