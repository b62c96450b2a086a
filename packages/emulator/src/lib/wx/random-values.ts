import type { ByteSource } from './byte-source.ts'
import { failWith, type Host, type Outcome, succeed, twoStyles, type WxResult } from './callbacks.ts'

type RandomValues = WxResult & { randomValues: ArrayBuffer }

const LONGEST_BYTES = 1_048_576

function draw(random: ByteSource, length: number): Outcome<RandomValues> {
  if (!Number.isInteger(length) || length < 1 || length > LONGEST_BYTES) {
    return failWith('getRandomValues', `invalid length, 1 to ${LONGEST_BYTES} bytes`)
  }
  const randomValues = new ArrayBuffer(length)
  new Uint8Array(randomValues).set(random.bytes(length))
  return succeed({ errMsg: 'getRandomValues:ok', randomValues })
}

/** `wx.getRandomValues`. */
export function randomValuesApi(host: Host, random: ByteSource) {
  return { getRandomValues: twoStyles(host, async ({ length }: { length: number }) => draw(random, length)) }
}
