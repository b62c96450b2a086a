/**
 * What the work gives, if it does so in time. Work that is late goes on: who gave up sees to what becomes of it.
 * Time in which this process stood still (stopped, or without a core) is not the work's: an answer that came meanwhile
 * lies in the socket, and timers come before sockets. So when the time is over the sockets are read once more.
 * @throws Error when it is late, and whatever the work throws
 */
export async function withinMs<Result>(limitMs: number, work: Promise<Result>): Promise<Result> {
  let timer: NodeJS.Timeout | undefined
  let lastLook: NodeJS.Immediate | undefined
  const limit = new Promise<never>((_, reject) => {
    const giveUp = () => reject(new Error(`No answer within ${limitMs} ms`))
    timer = setTimeout(() => {
      lastLook = setImmediate(giveUp)
    }, limitMs)
  })
  try {
    return await Promise.race([work, limit])
  } finally {
    clearTimeout(timer)
    clearImmediate(lastLook)
  }
}
