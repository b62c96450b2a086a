import process from 'node:process'
import { type MessagePort, parentPort, workerData } from 'node:worker_threads'
import { prepareBook } from './book.ts'
import { createCheckpoint } from './checkpoint.ts'
import { closeConnection, openConnection } from './connection.ts'
import { loadDriver, type SqliteDatabase } from './driver.ts'
import { createLocalWriter } from './local-writer.ts'
import { whileBusy } from './patience.ts'
import {
  arrivedOrder,
  type NumberedOrder,
  portableError,
  type ThreadData,
  type ToWriter,
} from './thread-messages.ts'
import { createOutbox, type Outbox } from './thread-outbox.ts'
import type { Writer } from './writer.ts'

/**
 * The thread that writes the book: started by `thread-writer.ts`, a file of its own in every build. It takes orders,
 * gathers those that come while a commit is under way, commits them together, and says so in one message.
 */
async function run(port: MessagePort, { file, patienceMs }: ThreadData): Promise<void> {
  const outbox = createOutbox(port)
  try {
    const db = await whileBusy(() => openConnection(loadDriver(), file), patienceMs)
    serve(port, { db, outbox, patienceMs })
  } catch (error) {
    port.postMessage({ kind: 'not_opened', cause: portableError(error) })
    port.close()
  }
}

interface Parts {
  readonly db: SqliteDatabase
  readonly outbox: Outbox
  readonly patienceMs: readonly number[]
}

function serve(port: MessagePort, { db, outbox, patienceMs }: Parts): void {
  let aheadMs = 0
  const clock = { nowMs: () => Date.now() + aheadMs }
  const onBroken = (cause: unknown): void => outbox.tellBroken(cause)
  const checkpoint = createCheckpoint(db, onFailed)
  const options = { clock, patienceMs, onBroken, onCommitted: checkpoint.afterCommit }
  const writer = createLocalWriter({ db, book: prepareBook(db), ...options })
  function onFailed(cause: unknown): void {
    writer.breakOff(cause)
  }

  port.on('message', (message: ToWriter) => {
    if (message.kind === 'orders') {
      aheadMs = message.aheadMs
      for (const one of message.orders) obey(writer, outbox, one)
      return
    }
    if (message.kind === 'break_off') writer.breakOff(new Error('A read has shown that the file is damaged'))
    else void close(port, writer, db)
  })
}

function obey(writer: Writer, outbox: Outbox, one: NumberedOrder): void {
  const [number, verb] = one
  writer.write(verb, arrivedOrder(one)).then(
    (answer) => outbox.add([number, true, answer]),
    (error: unknown) => outbox.add([number, false, portableError(error)]),
  )
}

async function close(port: MessagePort, writer: Writer, db: SqliteDatabase): Promise<void> {
  await writer.drain(new Error('The store was closed'))
  // What the file holds is in doubt then, so nothing is folded into it: the serving thread's connection is still open.
  if (writer.isBroken) db.close()
  else closeConnection(db)
  port.close()
}

if (parentPort === null) process.exitCode = 70
else void run(parentPort, workerData as ThreadData)
