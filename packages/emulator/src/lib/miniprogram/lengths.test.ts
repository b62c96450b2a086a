import assert from 'node:assert/strict'
import { test } from 'node:test'
import { phoneLengths } from './lengths.ts'

test('[F81] lengths mean on the phone’s window what they mean on a phone', () => {
  const pairs = [
    ['750rpx', '100vw'],
    ['calc(100vh - 88.5rpx)', 'calc(100cqh - 11.8vw)'],
    ['width: 10rpx; height: -.5dvh', 'width: 1.33333vw; height: -.5cqh'],
    ['calc(8px + env(safe-area-inset-bottom))', 'calc(8px + var(--safe-area-inset-bottom))'],
    ['env( safe-area-inset-top, 20px)', 'var(--safe-area-inset-top, 20px)'],
    ['url(a-10rpx.png) 20vw', 'url(a-10rpx.png) 20vw'],
    ['url("10vh.png") 75rpx', 'url("10vh.png") 10vw'],
    ['#10a0vh my-10rpx', '#10a0vh my-10rpx'],
    ['red', 'red'],
  ] as const
  for (const [given, meant] of pairs) assert.equal(phoneLengths(given), meant)
})
