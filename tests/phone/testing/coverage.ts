import { type Emulator, startEmulator } from '@yaopai/wechat-emulator'
import { coverageFolder } from '../../../tools/phone-coverage.ts'
import { openPage } from './chromium.ts'

export async function startCoverage(): Promise<Emulator> {
  const emulator = await startEmulator({ demo: true, miniprogram: coverageFolder })
  emulator.putUser('alice', { nickname: 'Alice', phone: '13800000000' })
  return emulator
}

/** A page of the coverage mini program on a phone of its own. */
export async function openCoverage(emulator: Emulator, name: string): ReturnType<typeof openPage> {
  const query = `user=alice&device=phone&id=1&lang=zh&path=pages/${name}/${name}`
  const opened = await openPage(`${emulator.url}/_emulator/phone/frame?${query}`, {
    viewport: { width: 390, height: 844 },
  })
  opened.page.setDefaultTimeout(8_000)
  await opened.page.locator('wx-case-box').first().waitFor()
  return opened
}
