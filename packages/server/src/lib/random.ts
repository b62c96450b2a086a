import { randomFillSync } from 'node:crypto'

/** Where unguessable bytes come from: a CSPRNG outside of tests. */
export interface Random {
  /**
   * @param size bytes wanted, 1 to 4096
   * @throws RangeError for any other number
   */
  bytes(size: number): Buffer
}

const POOL_SIZE = 4096
const pool = Buffer.allocUnsafeSlow(POOL_SIZE)
let used = POOL_SIZE

/** One kernel call fills the pool for about a hundred tokens; bytes that went out are wiped from it. */
export const systemRandom: Random = {
  bytes(size) {
    if (!Number.isInteger(size) || size < 1 || size > POOL_SIZE)
      throw new RangeError(`Random bytes come 1 to ${POOL_SIZE} at a time`)
    if (used + size > POOL_SIZE) {
      randomFillSync(pool)
      used = 0
    }
    const taken = Buffer.allocUnsafe(size)
    pool.copy(taken, 0, used, used + size)
    pool.fill(0, used, used + size)
    used += size
    return taken
  },
}
