import { setTimeout as sleep } from 'node:timers/promises'
import { firstLogin } from '../../../packages/server/src/lib/store/contract/samples.ts'
import { openSqliteStore } from '../../../packages/server/src/lib/store/sqlite/sqlite-store.ts'
import { createFaultClient, type FaultClient, type Session } from '../client.ts'
import { inTurns, judge } from '../judge.ts'
import type { Round, Scenario } from '../scenario.ts'
import { createWorld, type World } from '../world.ts'

const AT_ONCE = 64
/** What the herd's addresses may ask of WeChat in a minute: the limit for each address, as it is by default. */
const LIMIT = 600

export const herd: Scenario = {
  name: 'herd',
  row: 'R28',
  fault: 'all sessions are ended at once, and all clients log in anew',
  promise:
    'once the command has answered all are refused; WeChat is asked once a login and never beyond the limits',
  how:
    '`yaopai sessions revoke --all` beside the server, with many more sessions in the book; then every client is refused and logs in, from many addresses ' +
    'behind a proxy, waiting as Retry-After says where it is told to',
  async run(round) {
    const clients = round.isLong ? 3_000 : 100
    const others = round.isLong ? 100_000 : 2_000
    const world = await createWorld(round)
    await fillBook(world.databaseFile, others)
    round.say(`${others} sessions of others are in the book`)
    const limits = { LOGIN_LIMIT_PER_IP: String(LIMIT), TRUST_PROXY: '127.0.0.1' }
    await world.start({ env: limits })
    const phones = phonesOf(world, round, clients)
    await inTurns(phones, AT_ONCE, (phone) => phone.enter())
    round.say(`${clients} clients are in`)
    const before = world.rig.emulator.calls().length
    const startedMs = performance.now()
    world.history.mark('fault.begun', 'revoke all')
    const ends = phones.flatMap(({ session }) => (session === null ? [] : [beginEnd(world, session)]))
    const env = { DATABASE_URL: `file:${world.databaseFile}` }
    const { exitCode, stdout, stderr } = await world.rig.run(
      ['sessions', 'revoke', '--all', '--yes', '--json'],
      env,
    )
    for (const end of ends) end({ outcome: 'ok' })
    const revokedMs = performance.now() - startedMs
    world.history.mark('fault.ended', 'revoke all')
    round.say('all sessions are ended')
    const againMs = performance.now()
    let accepted = 0
    await inTurns(phones, AT_ONCE, async (phone) => {
      if (phone.session !== null && (await phone.client.validate(phone.session)) === 'ok') accepted += 1
      await phone.enter()
      if (phone.session !== null) await phone.client.validate(phone.session)
    })
    const recoveredMs = performance.now() - againMs
    const asked = world.rig.emulator.calls().length - before
    const broken = [
      ...(exitCode === 0 ? [] : [`revoke --all: ${stderr}`]),
      ...(accepted === 0 ? [] : [`${accepted} were accepted after all were ended`]),
      ...(asked <= clients ? [] : [`WeChat was asked ${asked} times for ${clients} logins`]),
    ]
    const figures = {
      clients,
      'sessions of others': others,
      ended: Number(Object(JSON.parse(stdout)).ended),
      'to end all, the command’s start included (ms)': Math.round(revokedMs),
      'until all were in again (ms)': Math.round(recoveredMs),
      'WeChat was asked': asked,
    }
    return judge(world, { broken, figures, isWithoutRecovery: true })
  },
}

const DAY_MS = 86_400_000

/** Sessions that nobody uses, so that ending all is much to do. */
async function fillBook(file: string, count: number): Promise<void> {
  const store = await openSqliteStore({ file, role: 'server', onFatal: () => undefined })
  const nowMs = Date.now()
  const lives = { createdAtMs: nowMs, idleDeadlineMs: nowMs + DAY_MS, absoluteDeadlineMs: nowMs + DAY_MS }
  for (let first = 0; first < count; first += 1_000) {
    const logins = Array.from({ length: 1_000 }, (_, n) => firstLogin(first + n))
    await Promise.all(
      logins.map((login) => store.recordLogin({ ...login, session: { ...login.session, ...lives } })),
    )
  }
  await store.close()
}

interface Phone {
  session: Session | null
  readonly client: FaultClient
  enter(): Promise<void>
}

/** A hundred phones behind each address, as behind a carrier's. */
function phonesOf(world: World, round: Round, count: number): Phone[] {
  return Array.from({ length: count }, (_, n) => {
    const address = `10.1.${Math.floor(n / 100) % 250}.${1 + (n % 2)}`
    const client = createFaultClient({
      history: world.history,
      url: () => world.proxy.url,
      headers: () => ({ 'X-Forwarded-For': address }),
    })
    const phone: Phone = {
      session: null,
      client,
      async enter() {
        phone.session = null
        for (let turn = 0; turn < 10 && phone.session === null; turn += 1) {
          phone.session = await client.login(world.rig.code(`phone-${n}`))
          if (phone.session === null) await sleep(round.draw.whole(100, 2_000))
        }
      },
    }
    return phone
  })
}

function beginEnd(world: World, { id, userId }: Session) {
  return world.history.begin({ kind: 'revoke', node: '*', session: id, user: userId })
}
