import { existsSync, readdirSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { countOf, judge } from '../judge.ts'
import type { Scenario } from '../scenario.ts'
import { createWorld } from '../world.ts'

export const clock: Scenario = {
  name: 'clock',
  row: 'R13',
  fault: 'the wall clock jumps: −1 h, +1 d, and back and forth by 5 s',
  promise: 'nobody is logged out, no ended session comes back, nothing crashes, the jump is logged',
  how: 'libfaketime moves the server’s clock under load; its monotonic clock stays',
  needs: ['faketime'],
  async run(round) {
    const world = await createWorld(round)
    const file = join(world.rig.folder, 'clock')
    const put = (offset: string) => {
      writeFileSync(`${file}.new`, `${offset}\n`)
      renameSync(`${file}.new`, file)
    }
    put('+0s')
    const server = await world.start({
      env: fakedClock({ FAKETIME_TIMESTAMP_FILE: file, FAKETIME_NO_CACHE: '1' }),
    })
    const load = world.load({ logouts: 15 })
    const jumps = ['-1h', '+0s', ...drawJitter(round.draw, round.isLong ? 30 : 2), '+1d', '+0s']
    let stays = false
    for (const jump of jumps) {
      // The server looks at its clocks once in a while: of two jumps that stay, it has to see one.
      await sleep(round.isLong || stays ? 1_500 : 400)
      stays = jump === '-1h' || jump === '+1d'
      world.history.mark('fault.begun', jump)
      put(jump)
      world.history.mark('fault.ended', jump)
    }
    await sleep(1_500)
    await load.stop()
    const logins = countOf(world, 'login')
    const told = server.output.stdout.split('"clock.jumped"').length - 1
    const broken = [
      ...(logins.ok === logins.asked ? [] : [`${logins.asked - logins.ok} logins failed`]),
      ...(told > 0 ? [] : ['no jump was logged']),
    ]
    return judge(world, { broken, figures: { jumps: jumps.length, 'jumps logged': told } })
  },
}

function drawJitter(draw: { whole(min: number, max: number): number }, count: number): string[] {
  return Array.from({ length: count }, () => draw.whole(-5, 5)).map((s) => `${s < 0 ? '' : '+'}${s}s`)
}

/** The environment of a process whose wall clock is another one's; its monotonic clock stays. */
export function fakedClock(settings: Record<string, string>): Record<string, string> {
  return { LD_PRELOAD: libraryPath(), FAKETIME_DONT_FAKE_MONOTONIC: '1', ...settings }
}

/** Where Debian puts it, by the machine's architecture. */
function libraryPath(): string {
  const places = readdirSync('/usr/lib').map((name) => join('/usr/lib', name, 'faketime', 'libfaketime.so.1'))
  return places.find((place) => existsSync(place)) ?? ''
}
