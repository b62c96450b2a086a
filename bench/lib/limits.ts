import { hash } from 'node:crypto'
import { closeSync, fdatasyncSync, openSync, rmSync, writeSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'

const FSYNC_FOR_MS = 500
const PAGE_BYTES = 4096
const HASHES = 200_000
const PINGS = 2_000

/** How often this disk makes a page durable, one after the other. */
export function fsyncsPerSecond(folder: string): number {
  const file = join(folder, 'fsync-probe')
  const descriptor = openSync(file, 'w')
  const page = Buffer.alloc(PAGE_BYTES, 1)
  const startedAt = performance.now()
  let count = 0
  while (performance.now() - startedAt < FSYNC_FOR_MS) {
    writeSync(descriptor, page)
    fdatasyncSync(descriptor)
    count += 1
  }
  const seconds = (performance.now() - startedAt) / 1000
  closeSync(descriptor)
  rmSync(file)
  return count / seconds
}

/** CPU of one SHA-256 over a token, as the server makes it. */
export function sha256Microseconds(): number {
  const token = `yp1_${'A'.repeat(58)}`
  const before = process.cpuUsage()
  for (let turn = 0; turn < HASHES; turn += 1) hash('sha256', token, 'binary')
  const { user, system } = process.cpuUsage(before)
  return (user + system) / HASHES
}

/** Round trips a second of one connection that asks PING and waits for the answer. */
export function redisPingsPerSecond(port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1')
    let left = PINGS
    let startedAt = 0
    const ask = () => socket.write('PING\r\n')
    socket.once('error', reject)
    socket.once('connect', () => {
      startedAt = performance.now()
      ask()
    })
    socket.on('data', () => {
      left -= 1
      if (left > 0) {
        ask()
        return
      }
      socket.destroy()
      resolve(PINGS / ((performance.now() - startedAt) / 1000))
    })
  })
}
