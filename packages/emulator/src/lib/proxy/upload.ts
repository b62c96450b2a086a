import type { IncomingMessage } from 'node:http'
import { createBodyKeeper, type KeptBody } from '../conversation/kept-body.ts'
import { EmulatorError } from '../machine.ts'

/** The body of a request on its way through. */
export interface Upload {
  /** What to send: bytes, or a stream of them; undefined where there is no body. */
  source: Buffer | AsyncIterable<Buffer> | undefined
  /** As announced. */
  lengthBytes: number | undefined
  kept(type: string | undefined, encoding: string | undefined): KeptBody
  /** All that has passed, for a redirect that wants it once more. */
  again(): Buffer
  /** Called once, when all of it has passed; at once where that is so already. */
  onPassed(then: () => void): void
}

/** What one request of a mini program may carry. */
export const UPLOAD_LIMIT_BYTES = 104_857_600

/** So much is awaited before anything is sent: then the arrow stands before what the server does about it. */
const AWAITED_BYTES = 1_048_576

function tooLarge(): EmulatorError {
  return new EmulatorError(
    'ERR_BODY_TOO_LARGE',
    `the body is longer than ${UPLOAD_LIMIT_BYTES} bytes`,
    'send less',
  )
}

function announced(req: IncomingMessage): number | undefined {
  const text = req.headers['content-length']
  return text === undefined ? undefined : Number(text)
}

async function collected(stream: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of stream) chunks.push(chunk)
  return Buffer.concat(chunks)
}

/**
 * Takes a request's body on. `isReplayed`: a redirect may ask for it again.
 *
 * @throws {EmulatorError} `ERR_BODY_TOO_LARGE`, also from the stream
 */
export async function takeUpload(req: IncomingMessage, isReplayed: boolean): Promise<Upload> {
  const keeper = createBodyKeeper()
  const chunks: Buffer[] = []
  const waiting: (() => void)[] = []
  let [passedBytes, isPassed] = [0, false]
  async function* passing(): AsyncGenerator<Buffer> {
    for await (const chunk of req) {
      const bytes = Buffer.from(chunk)
      passedBytes += bytes.length
      if (passedBytes > UPLOAD_LIMIT_BYTES) throw tooLarge()
      keeper.add(bytes)
      if (isReplayed) chunks.push(bytes)
      yield bytes
    }
    isPassed = true
    for (const then of waiting) then()
  }
  const lengthBytes = announced(req)
  if (lengthBytes !== undefined && lengthBytes > UPLOAD_LIMIT_BYTES) throw tooLarge()
  const isShort = lengthBytes !== undefined && lengthBytes <= AWAITED_BYTES
  const hasBody =
    lengthBytes !== 0 && (lengthBytes !== undefined || req.headers['transfer-encoding'] !== undefined)
  const source = isShort || !hasBody ? await collected(passing()) : passing()
  return {
    source: source instanceof Buffer && source.length === 0 ? undefined : source,
    lengthBytes: source instanceof Buffer ? source.length : lengthBytes,
    kept: keeper.kept,
    again: () => Buffer.concat(chunks),
    onPassed: (then) => (isPassed ? then() : void waiting.push(then)),
  }
}
